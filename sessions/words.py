"""What the sitting says to the client: warm, plain, short. No emotion is named for anyone, nothing is graded.

The safety notice, the grounding text and the breathing words are those of the protocol (docs/protocol.md). The pages
own the words of their buttons.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from acquisition.beats import LinkState

SAFETY_NOTICE = (
    "Breathe small and easy. Stop if you feel dizzy, faint, tingly, short of breath or have chest pain. "
    "Do not use while driving or in water. Check first with a health professional if you have heart rhythm problems, "
    "a pacemaker, fainting, lung, kidney or seizure conditions, are pregnant, or if memories can carry you away. "
    "These exercises can bring up strong feelings. You can stop at any moment. "
    "If you are in danger or thinking of harming yourself, contact local emergency services now."
)
"""Shown before any real person is recorded (docs/protocol.md); no number is named while none is set up."""

HEALTH_QUESTION = "Does any of these fit you?"
HEALTH_CAUTIONS = (
    "a heart rhythm problem, or many extra heartbeats",
    "a pacemaker, a defibrillator or a heart transplant",
    "a recent heart attack, heart failure or chest pain with effort",
    "low blood pressure or fainting",
    "pregnancy",
    "asthma or another lung condition",
    "kidney failure, or diabetes that is hard to keep steady",
    "epilepsy or seizures",
    "panic, or fear of body feelings",
    "memories that can carry you away, or losing touch with what is real",
    "an eating condition with a slow pulse",
    "being under 18",
)
"""The cautions of docs/protocol.md in plain words. One yes or no for all: which one it is stays with the person."""
HEALTH_YES = (
    "Please talk to your clinician first. They can say which parts suit you. "
    "If they already have, or you would rather go on now, you can. Keep the breathing small and stop whenever you like."
)

CONSENT_VERSION = "1"
CONSENT_TEXT = (
    "This program records the times of your heartbeats, your answers and what you write, on this computer only. "
    "Nothing is sent anywhere. Recording begins when you press Begin and the page says so while it runs. "
    "At the end you choose who can see the session. You can delete it at any time. "
    "It is for practice and reflection. It is not a medical device and finds no illness."
)
CONSENT_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "record": "Record this session on this computer",
        "clinician": "My clinician may see it, also while it runs",
    }
)
"""Scopes a person can agree to; without ``record`` there is no recording."""


def consent_sha256() -> str:
    """Hash of everything a person agrees to, kept with the consent.

    >>> len(consent_sha256())
    64
    """
    parts = (SAFETY_NOTICE, HEALTH_QUESTION, *HEALTH_CAUTIONS, CONSENT_TEXT, *CONSENT_SCOPES.values())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


GROUNDING = (
    "You have stopped. That was a good use of the button. Put both feet on the floor. "
    "Look around and name three things you can see. Let your breath be whatever it is."
)
LOOK_AROUND = (
    "The exercise waits. Put both feet on the floor. Look around and name three things you can see. "
    "Let your breath be whatever it is."
)
OWN_BREATHING = "Stay a little with your own breath. There is nothing to follow and nothing to get right."
PAUSED = "The exercise waits. Your heart is still being recorded."
PAUSED_WITHOUT_SENSOR = "The exercise waits."
BREATHE_SMALLER = (
    "Breathe as you like, smaller than feels normal. "
    "Dizzy or tingly often means a little too much air. It passes by itself in a minute or two."
)
SHAPE_STOPPED = f"The shape has stopped. {BREATHE_SMALLER}"
MEDICAL_NOTICE = (
    "The exercise has ended. Chest pain or feeling faint can need help. Sit or lie down, tell someone near you, "
    "and contact local emergency services now if it is strong, new or does not pass."
)
OFFER_PAUSE = "Would a pause help? Look around the room for a while, carry on, or stop here."
QUIET_OFFER = "Would a pause help?"
"""The same words at times fixed beforehand, after an answer, and after a rise: they never say which."""
HEART_LIMIT = (
    "This part has ended here. Nothing went wrong: your heart was working hard for a while, and it may rest now. "
    "If it keeps racing while you sit, or you feel unwell, please tell someone near you."
)
BREAK_BACK_AT = "You agreed to be back at {time}."
BREAK_DOING = "Do something that fills your mind. What comes up about it can wait until then."
BREAK_WELCOME = "Welcome back. A few short questions, then you choose how to go on."
BREAK_NOT_YET = "That is fine. Choose a new time, and say it to whoever is waiting."
BREAK_INFORMATION = "What your heart did meanwhile is information only. Whether you go on is for you to say."
WAITED_FOR_YOU = "The exercise waited for you. Go on when you like."
SENSOR_BACK = "The sensor is back. Go on when you like."
STOOD_STILL = "The computer was away for a while. The exercise waited."
WITHOUT_SENSOR = "We go on without the sensor."
NOT_KEPT = "The disk is full. What was recorded up to now is kept; nothing more is recorded."

SOFT_BREATH_LINES = ("Softer.", "Less air is fine.", "Let the out-breath take its time.")
SOFT_BREATH_EVERY_S = 120.0
"""One of the lines every two minutes, in turn (docs/protocol.md)."""

OWN_WORDS = "Is there anything you would like to keep from today?"

SHARE_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "clinician": "My clinician and I",
        "clinician_without_words": "Recording and ratings only",
        "private": "Nobody for now",
    }
)
"""Who can see the session (keys: ``visibility.Scope``); none is chosen beforehand."""

CLOSING = (
    "You can take the strap off now.",
    "Give yourself an easy hour: something to drink, a few steps, nothing that needs deciding.",
    "If something from today stays heavy, tell someone you trust, or your clinician.",
)
MORE_REST = "Nothing to do and nothing to follow. Breathe as usual and look around the room."
OFFER_REST = "Your last answer was still high. Would you like a little more rest before you go?"

CLOSED_UNTIL_SETTLED = "This one opens once you have been through a settling exercise to its end."
CLOSED_BY_CLINICIAN = "This one opens when your clinician has opened it for you."
CLOSED_FOR_TWO = "Exercises for two are not open yet. They wait until both can say yes or no in private."
CLOSED_UNTIL_BUILT = "This one is not on these pages yet."
CHOOSE_ANOTHER = "choose another one for today"

TOGETHER = ("finding each other", "sometimes together", "often together", "together")
"""Words for heart and breath, in order."""

SENSOR_WORDS: Mapping[LinkState, str] = MappingProxyType(
    {
        LinkState.SEARCHING: "Looking for the sensor",
        LinkState.CONNECTING: "Connecting to the sensor",
        LinkState.STREAMING: "Sensor steady",
        LinkState.DEGRADED: "Signal patchy",
        LinkState.LOST: "Looking for the sensor",
        LinkState.BLUETOOTH_OFF: "Bluetooth is off",
    }
)
SETTLING = "Signal settling"
NO_SENSOR = "Without sensor"
NO_SENSOR_YET = "No sensor yet"
NO_STRAP_SEEN = "No strap was seen. Dampen the patches, wear it snugly, and look again."
SENSOR_DONE = "Recording has ended. You can take the sensor off."

RESTING_LINE = "The heart line is resting because the signal is patchy."
WHY_NO_NUMBER: Mapping[str, str] = MappingProxyType(
    {
        "warming_up": "Listening for a moment first.",
        "too_short": "Listening for a moment first.",
        "too_few_beats": "Listening for a moment first.",
        "paused": "The exercise waits.",
        "low_confidence": "The swing is too small to tell just now.",
        "no_variability": "The swing is too small to tell just now.",
    }
)
"""Why a number is not shown, for the person; any other reason is a patchy signal."""
