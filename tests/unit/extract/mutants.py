"""Damages PDFs as downloads, faulty producers and attackers do. Seeded: one number, one file."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

OBJECT = re.compile(rb"(?<=obj)(.*?)(?=endobj)", re.DOTALL)
STREAM = re.compile(rb"(?<=stream\n)(.*?)(?=endstream)|(?<=stream\r\n)(.*?)(?=endstream)", re.DOTALL)
BOX = re.compile(rb"/(?:MediaBox|CropBox)\s*\[[^]]*\]")
KIDS = re.compile(rb"/Kids\s*\[[^]]*\]")
REFERENCE = re.compile(rb"\b\d+ 0 R\b")
NUMBER = re.compile(rb"(?<=[ \[/A-Za-z])-?\d+(?=[ \]/\r\n])")
HUGE = (b"0", b"-1", b"2147483647", b"-2147483648", b"99999999999999999999", b"0.0000001", b"1e9")

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(pdf: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(pdf)
    for _ in range(rng.choice((1, 8, 64, 512))):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def cut_end(pdf: bytes, rng: random.Random) -> bytes:
    return pdf[: rng.randrange(len(pdf))]


def cut_end_but_for_its_mark(pdf: bytes, rng: random.Random) -> bytes:
    return cut_end(pdf, rng) + b"\nstartxref\n0\n%%EOF\n"


def cut_middle(pdf: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(pdf))
    return pdf[:start] + pdf[start + rng.randrange(1, 4096) :]


def swap_objects(pdf: bytes, rng: random.Random) -> bytes:
    one, other = sorted(rng.sample(_places(OBJECT, pdf), 2))
    return pdf[: one[0]] + pdf[slice(*other)] + pdf[one[1] : other[0]] + pdf[slice(*one)] + pdf[other[1] :]


def duplicate_object(pdf: bytes, rng: random.Random) -> bytes:
    one, other = rng.sample(_places(OBJECT, pdf), 2)
    return _replace(pdf, one, pdf[slice(*other)])


def zero_stream(pdf: bytes, rng: random.Random) -> bytes:
    start, end = rng.choice(_places(STREAM, pdf))
    return _replace(pdf, (start, end), bytes(end - start))


def scramble_stream(pdf: bytes, rng: random.Random) -> bytes:
    start, end = rng.choice(_places(STREAM, pdf))
    return _replace(pdf, (start, end), rng.randbytes(end - start))


def stretch_page(pdf: bytes, rng: random.Random) -> bytes:
    sides = b" ".join(rng.choice((*HUGE, b"14400", b"-14400", b"1000000")) for _ in range(4))
    return _replace(pdf, rng.choice(_places(BOX, pdf)), b"/MediaBox [" + sides + b"]")


def loop_pages(pdf: bytes, rng: random.Random) -> bytes:
    roots = re.findall(rb"\b(\d+) 0 obj(?=\s*<<[^>]*?/Kids)", pdf) or [b"1"]
    kids = b" ".join(rng.choices([root + b" 0 R" for root in roots], k=rng.choice((1, 50))))
    return _replace(pdf, rng.choice(_places(KIDS, pdf)), b"/Kids [" + kids + b"]")


def redirect_references(pdf: bytes, rng: random.Random) -> bytes:
    places = _places(REFERENCE, pdf)
    for place in sorted(rng.sample(places, min(8, len(places))), reverse=True):
        pdf = _replace(pdf, place, pdf[slice(*rng.choice(places))] if rng.random() < 0.7 else b"999999 0 R")
    return pdf


def exaggerate_numbers(pdf: bytes, rng: random.Random) -> bytes:
    places = _places(NUMBER, pdf)
    for place in sorted(rng.sample(places, min(4, len(places))), reverse=True):
        pdf = _replace(pdf, place, rng.choice(HUGE))
    return pdf


def nest_deeply(pdf: bytes, rng: random.Random) -> bytes:
    depth = rng.choice((100, 10_000, 200_000))
    opening, closing = rng.choice(((b"[", b"]"), (b"<</A ", b">>"), (b"(", b")")))
    return _replace(pdf, rng.choice(_places(OBJECT, pdf)), b" " + opening * depth + closing * depth + b" ")


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, cut_end, cut_end_but_for_its_mark, cut_middle, swap_objects, duplicate_object, zero_stream,
    scramble_stream, stretch_page, loop_pages, redirect_references, exaggerate_numbers, nest_deeply,
)  # fmt: skip


def mutant(number: int, pdfs: Sequence[bytes]) -> tuple[str, bytes]:
    """Mutation `number` of one of `pdfs`: its name and the damaged file, never the file as it was."""
    rng = random.Random(number)
    mutate, original = MUTATIONS[number % len(MUTATIONS)], rng.choice(pdfs)
    try:
        damaged = mutate(original, rng)
    except (ValueError, IndexError):  # nothing of the kind lies open in this file: its objects are packed
        damaged = original
    # The comment tells apart mutants that came out alike; a reader does not see it.
    return mutate.__name__, (flip_bits(original, rng) if damaged == original else damaged) + b"%%%d\n" % number


def _places(pattern: re.Pattern[bytes], pdf: bytes) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(pdf)]


def _replace(pdf: bytes, place: tuple[int, int], new: bytes) -> bytes:
    return pdf[: place[0]] + new + pdf[place[1] :]
