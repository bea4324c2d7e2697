/* One strap by Web Bluetooth, kept streaming: connected, watched, and connected anew without asking again.
 *
 *   const strap = Attunement.stationStrap(device, tell);   // tell({ link | frame | fact, value }) at each event
 *   strap.now(); strap.stop();
 *
 * Time-outs and back-off are those of the program's own Bluetooth. Values go on as they came; nothing is decoded here.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const HEART_RATE = "heart_rate", MEASUREMENT = "heart_rate_measurement", ABOUT = "device_information";
  const FACTS = [
    ["battery_percent", "battery_service", "battery_level"],
    ["manufacturer", ABOUT, "manufacturer_name_string"],
    ["model", ABOUT, "model_number_string"],
    ["firmware", ABOUT, "firmware_revision_string"],
    ["location", HEART_RATE, "body_sensor_location"],
  ];
  const CONNECT_MS = 20000, SILENT_MS = 5000, GIVEN_UP_MS = 10000, WATCH_MS = 1000;
  const BACK_OFF_MS = 500, BACK_OFF_MOST_MS = 8000, JITTER = 0.2, CALM_MS = 30000, BATTERY_MS = 300000;

  const base64 = (view) => btoa(String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
  const within = (work, ms) => Promise.race([
    work, new Promise((_, fail) => setTimeout(() => fail(new DOMException("no answer", "TimeoutError")), ms)),
  ]);

  /* What the person is asked to choose from. */
  A.stationAsk = () => navigator.bluetooth.requestDevice({
    filters: [{ services: [HEART_RATE] }], optionalServices: ["battery_service", ABOUT],
  });

  A.stationStrap = (device, tell) => {
    let generation = 0, stopped = false, said = null, wake = () => {};
    const facts = new Map();
    const say = (link) => { if (link !== said) tell({ link }); said = link; };
    const rest = (ms) => new Promise((done) => { wake = done; setTimeout(done, ms); });

    /* Until the link is lost; returns for how long frames came. Every await may fail when it is. */
    async function attempt() {
      const mine = ++generation;
      let first = 0, last = performance.now(), gone = null;
      const lost = new Promise((resolve) => { gone = () => { if (mine === generation) say("lost"); resolve(); }; });
      device.addEventListener("gattserverdisconnected", gone, { once: true });
      try {
        const server = await within(device.gatt.connect(), CONNECT_MS);
        say("connecting");
        const service = await server.getPrimaryService(HEART_RATE);
        const values = await service.getCharacteristic(MEASUREMENT);
        values.addEventListener("characteristicvaluechanged", ({ target }) => {
          if (mine !== generation) return;
          last = performance.now();
          first = first || last;
          said = "streaming";
          tell({ frame: base64(target.value) });
        });
        await within(values.startNotifications(), CONNECT_MS);
        last = performance.now();
        about(server, mine);
        await Promise.race([lost, silence(mine, () => last)]);
        return first ? last - first : 0;
      } finally {
        generation++;
        device.removeEventListener("gattserverdisconnected", gone);
        device.gatt.disconnect();
      }
    }

    /* A silent link never says so itself. */
    async function silence(mine, last) {
      while (mine === generation) {
        await new Promise((done) => setTimeout(done, WATCH_MS));
        const silent = performance.now() - last();
        if (mine !== generation) return;
        if (silent >= GIVEN_UP_MS) { say("silent_too_long"); return; }
        if (silent >= SILENT_MS) say("silent");
      }
    }

    /* Beside the beats, and never in their way: what cannot be read is left out. */
    async function about(server, mine) {
      for (const [name, service, characteristic] of FACTS) await read(server, mine, name, service, characteristic);
      while (mine === generation) {
        await new Promise((done) => setTimeout(done, BATTERY_MS));
        await read(server, mine, ...FACTS[0]);
      }
    }
    async function read(server, mine, name, service, characteristic) {
      if (mine !== generation) return;
      try {
        const value = base64(await (await (await server.getPrimaryService(service)).getCharacteristic(characteristic)).readValue());
        if (mine === generation && facts.get(name) !== value) { facts.set(name, value); tell({ fact: name, value }); }
      } catch { /* the strap has none */ }
    }

    async function why(error) {
      if (!(await navigator.bluetooth.getAvailability())) return "bluetooth_off";
      return error.name === "NotFoundError" ? "no_heart_rate" : "not_found";
    }

    (async () => {
      say("connecting");
      for (let failures = 0; !stopped; failures++) {
        try {
          if (await attempt() >= CALM_MS) failures = 0;
        } catch (error) {
          if (!stopped) say(await why(error));
        }
        if (!stopped) await rest(Math.min(BACK_OFF_MS * 2 ** failures, BACK_OFF_MOST_MS) * (1 + JITTER * (2 * Math.random() - 1)));
      }
    })();
    const available = () => wake();
    navigator.bluetooth.addEventListener("availabilitychanged", available);

    return {
      now: () => wake(),
      stop() {
        stopped = true;
        generation++;
        navigator.bluetooth.removeEventListener("availabilitychanged", available);
        device.gatt.disconnect();
        wake();
      },
    };
  };
})();
