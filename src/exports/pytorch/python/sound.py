"""
What a model hears: a clip as frames of log-mel bands or cepstral coefficients, as librosa computes them and
`data.audio` of the recipe says.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

#: Where the recipe says nothing.
DEFAULTS = {"features": "log-mel", "bins": 40, "rate": 8000, "seconds": 1, "window": 25, "hop": 20}
#: Zero crossings of the resampling sinc to each side, and its cutoff below the Nyquist frequency.
CROSSINGS, ROLLOFF = 24, 0.95


def rounded(x: float) -> int:
    return math.floor(x + 0.5)


def resample(samples: np.ndarray, rate: int, to: int) -> np.ndarray:
    """Band-limited interpolation by a sinc under a Hann window (Smith, Digital Audio Resampling, CCRMA)."""
    if rate == to:
        return samples
    common = math.gcd(rate, to)
    step, phases = rate // common, to // common
    cutoff = min(1, to / rate) * ROLLOFF
    reach = math.ceil(CROSSINGS / cutoff)
    count = math.ceil(len(samples) * to / rate)
    padded = np.pad(samples.astype(np.float64), (reach, reach + 1))
    result = np.zeros(count, np.float32)
    taps = np.arange(2 * reach) - reach + 1
    for phase in range(phases):
        # Output places whose distance from a sample is the same.
        places = np.arange(count)
        places = places[(places * step) % phases == phase]
        if len(places) == 0:
            continue
        distance = taps - phase / phases
        window = np.where(np.abs(distance) < reach, np.cos(np.pi * distance / (2 * reach)) ** 2, 0)
        kernel = np.sinc(cutoff * distance) * window
        kernel /= kernel.sum()
        centre = (places * step) // phases
        found = padded[centre[:, None] + taps + reach]
        result[places] = found @ kernel
    return result


def to_mel(hertz: float) -> float:
    """Slaney's scale: linear to 1 kHz, logarithmic above."""
    return hertz * 3 / 200 if hertz < 1000 else 15 + math.log(hertz / 1000) / (math.log(6.4) / 27)


def to_hertz(mel: float) -> float:
    return mel * 200 / 3 if mel < 15 else 1000 * math.exp((math.log(6.4) / 27) * (mel - 15))


def mel_filters(rate: int, size: int, bands: int) -> np.ndarray:
    """Triangles of equal area from 0 to half the rate: [bands, size / 2 + 1]."""
    top = to_mel(rate / 2)
    edges = np.array([to_hertz(top * i / (bands + 1)) for i in range(bands + 2)])
    hertz = np.arange(size // 2 + 1) * rate / size
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rise, fall = (hertz - low) / (centre - low), (high - hertz) / (high - centre)
    return np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)


def features_of(audio: dict[str, Any] | None, frames: int) -> Callable[[np.ndarray, int], tuple[np.ndarray, int]]:
    """
    A function from a clip of 16-bit samples and its rate to features [frames, bins] and how many frames it fills.
    """
    options = DEFAULTS if audio is None else audio
    rate, bins = options["rate"], options["bins"]
    hop = max(1, rounded(options["hop"] * rate / 1000))
    width = max(2, rounded(options["window"] * rate / 1000))
    longest = rounded(options["seconds"] * rate)
    cepstral = options["features"] == "mfcc"
    bands = max(bins, 40) if cepstral else bins
    size = 2 ** math.ceil(math.log2(max(width, 4 * bands)))
    window = np.zeros(size)
    left = (size - width) // 2
    window[left : left + width] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    filters = mel_filters(rate, size, bands)
    k, n = np.arange(bins)[:, None], np.arange(bands)
    scale = np.where(k == 0, 1, 2) / bands
    cosines = np.sqrt(scale) * np.cos(np.pi * k * (2 * n + 1) / (2 * bands))

    def features(clip: np.ndarray, clip_rate: int) -> tuple[np.ndarray, int]:
        values = np.zeros((frames, bins), np.float32)
        if len(clip) == 0:
            return values, 0
        samples = resample(clip.astype(np.float32) / 32768, clip_rate, rate)[:longest]
        length = min(frames, math.ceil(len(samples) / hop))
        # Frames are centred on their place, zeros beyond the ends.
        padded = np.pad(samples.astype(np.float64), (size // 2, size))
        cut = np.stack([padded[frame * hop : frame * hop + size] for frame in range(length)])
        power = np.abs(np.fft.rfft(cut * window)) ** 2
        decibels = 10 * np.log10(np.maximum(1e-10, power @ filters.T))
        decibels = np.maximum(decibels, decibels.max() - 80)
        values[:length] = decibels @ cosines.T if cepstral else decibels
        return values, length

    return features
