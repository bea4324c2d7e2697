"""The papers that definitions and limits are taken from, by the short name under which tables and cards cite them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OWN = "this project"
"""A definition or limit of our own, with no study behind the exact number (docs/protocol.md: [D])."""

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "Task Force 1996": "Heart rate variability. Circulation 93, doi 10.1161/01.CIR.93.5.1043",
        "Brennan 2001": "Do existing measures of Poincaré plot geometry reflect nonlinear features of heart rate "
        "variability? IEEE Transactions on Biomedical Engineering 48, doi 10.1109/10.959330",
        "Mietus 2002": "The pNNx files: re-examining a widely used heart rate variability measure. Heart 88, "
        "doi 10.1136/heart.88.4.378",
        "Quintana 2016": "Guidelines for reporting articles on psychiatry and heart rate variability (GRAPH). "
        "Translational Psychiatry 6, doi 10.1038/tp.2016.73",
        "Welch 1967": "The use of fast Fourier transform for the estimation of power spectra. IEEE Transactions on "
        "Audio and Electroacoustics 15, doi 10.1109/TAU.1967.1161901",
        "Richman and Moorman 2000": "Physiological time-series analysis using approximate entropy and sample "
        "entropy. American Journal of Physiology 278, doi 10.1152/ajpheart.2000.278.6.H2039",
        "Peng 1995": "Quantification of scaling exponents and crossover phenomena in nonstationary heartbeat time "
        "series. Chaos 5, doi 10.1063/1.166141",
        "Baevsky and Chernikova 2017": "Heart rate variability analysis: physiological foundations and main methods. "
        "Cardiometry 10, doi 10.12710/cardiometry.2017.10.6676",
        "Lehrer 2000": "Resonant frequency biofeedback training to increase cardiac variability. Applied "
        "Psychophysiology and Biofeedback 25, doi 10.1023/a:1009554825745",
        "McCraty 2009": "The coherent heart. Integral Review 5(2): the share of power at one slow wave",
        "Rousseeuw and Croux 1993": "Alternatives to the median absolute deviation. Journal of the American "
        "Statistical Association 88, doi 10.1080/01621459.1993.10476408",
        "Charlton 2018": "Breathing rate estimation from the electrocardiogram and photoplethysmogram: a review. IEEE "
        "Reviews in Biomedical Engineering 11, doi 10.1109/RBME.2017.2763681",
        "Shaffer and Meehan 2020": "A practical guide to resonance frequency assessment. Frontiers in Neuroscience 14, "
        "doi 10.3389/fnins.2020.570400",
        "Lipponen and Tarvainen 2019": "A robust algorithm for heart rate variability time series artefact correction. "
        "Journal of Medical Engineering and Technology 43, doi 10.1080/03091902.2019.1640306",
        "Laborde 2017": "Heart rate variability and cardiac vagal tone in psychophysiological research. Frontiers in "
        "Psychology 8, doi 10.3389/fpsyg.2017.00213",
        "Sen 1968": "Estimates of the regression coefficient based on Kendall's tau. Journal of the American "
        "Statistical Association 63, doi 10.1080/01621459.1968.10480934",
        "Sommerfeldt 2019": "Individual differences in the association between subjective stress and heart rate. "
        "Psychological Science 30",
    }
)
