"""What arithmetic tells where the words leave it open; `reader` has guessed by the words.

Of what a share is (其中：基本支出4,069.62万元，占57.62%): the amount stated before of which the part has the printed
percent; the shares of one enumeration have one whole. What a change behind an enumeration is of (其中：拨款40万元、其他
收入5万元，较上年增加3万元，增长7%): the amount of which the change is the printed percent, the last part or the total.
What cannot be told keeps the guess.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from pipelines.extract.statements.statement import Statement

_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_MEANING = ("measure_id", "fund_source", "nature", "stage", "period_year", "subject_label", "subject_code", "breakdown")


def settle(section: Sequence[Statement]) -> list[Statement]:
    """The statements of one section, guesses replaced by what the amounts prove."""
    settled = list(section)
    for shares in _enumerations(section):
        for at, base in _bases(section, shares).items():
            settled[at] = msgspec.structs.replace(section[at], base=base, whole_is_guessed=False)
    for at, (change, percent) in enumerate(itertools.pairwise(section)):
        if (total := _changed_total(section, at)) is not None:
            meaning = {name: getattr(section[total], name) for name in _MEANING}
            settled[at] = msgspec.structs.replace(change, **meaning)
            settled[at + 1] = msgspec.structs.replace(percent, **meaning)
    return settled


def base_of(measure: str, nature: str) -> str:
    """What the column `base` calls the whole of a share: its measure, with its nature where it has one."""
    return f"of:{measure}" + (f"/{nature}" if nature not in ("", "total") else "")


def _enumerations(section: Sequence[Statement]) -> Iterator[list[int]]:
    """Places of shares that follow one another without a share of a named whole between."""
    shares = [at for at, statement in enumerate(section) if statement.statement_kind == "share"]
    for guessed, group in itertools.groupby(shares, key=lambda at: section[at].whole_is_guessed):
        if guessed:
            yield list(group)


def _bases(section: Sequence[Statement], shares: Sequence[int]) -> dict[int, str]:
    """Place of each share and its base: the guess where it fits, then the whole that fits most of the others."""
    fits = {at: _fitting(section, at) for at in shares if section[at].value}
    bases = {at: guess for at, wholes in fits.items() if (guess := section[at].base) in wholes.values()}
    while open_shares := [at for at in fits if at not in bases and fits[at]]:
        served = Counter(whole for at in open_shares for whole in fits[at])
        best = max(served, key=lambda whole: (served[whole], -whole))  # of several the one said first
        bases |= {at: fits[at][best] for at in open_shares if best in fits[at]}
    if bases:  # shares of nothing and shares that fit no whole go with those beside them
        known = bases[next(at for at in shares if at in bases)]
        for at in shares:
            known = bases.setdefault(at, known)
    return bases


def _fitting(section: Sequence[Statement], share: int) -> dict[int, str]:
    """Places of the amounts before of which the share's part has the printed percent, each with its base."""
    levels = _levels(section, share)
    part = next((at for at in reversed(levels) if _same_meaning(section[at], section[share])), None)
    if part is None:
        return {}
    return {
        at: base_of(section[at].measure_id, section[at].nature)
        for at in levels
        if at != part and _is_share(section[part], section[at], section[share])
    }


def _changed_total(section: Sequence[Statement], at: int) -> int | None:
    """Place of the amount that the change at `at` and the percent behind it fit, if they fit not what they are said of.

    Only an amount of the same sentence: further away the same percent is chance.
    """
    change, percent = section[at], section[at + 1]
    if (change.statement_kind, percent.statement_kind, percent.unit) != ("delta", "pct_change", "%"):
        return None
    if not change.value or change.unit not in _YUAN or not _same_meaning(change, percent):
        return None
    levels = [i for i in _levels(section, at) if section[i].sentence_boxes == change.sentence_boxes]
    own = next((i for i in reversed(levels) if _same_meaning(section[i], change)), None)
    if own is None or _is_change(section[own], change, percent):
        return None
    return next((i for i in reversed(levels) if _is_change(section[i], change, percent)), None)


def _levels(section: Sequence[Statement], end: int) -> list[int]:
    """Places of the amounts of money before `end`."""
    return [at for at in range(end) if section[at].statement_kind == "level" and section[at].unit in _YUAN]


def _same_meaning(one: Statement, other: Statement) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _MEANING)


def _is_change(level: Statement, change: Statement, percent: Statement) -> bool:
    """Whether the change is the printed percent of the amount before it, within what rounding of the three can make."""
    before = _yuan(level) - _yuan(change)
    if before <= 0:
        return False
    ratio = _yuan(change) / before
    slack = (_half_digit(change) + abs(ratio) * (_half_digit(level) + _half_digit(change))) / before
    return abs(100 * ratio - _number(percent)) <= 100 * slack + _half_unit(percent)


def _is_share(part: Statement, whole: Statement, share: Statement) -> bool:
    """Whether part ÷ whole is the printed percent, within what rounding of all three can make."""
    if not 0 < _yuan(part) <= _yuan(whole):
        return False
    ratio = _yuan(part) / _yuan(whole)
    slack = ratio * (_half_digit(part) / _yuan(part) + _half_digit(whole) / _yuan(whole))
    return abs(100 * ratio - _number(share)) <= 100 * slack + _half_unit(share)


def _yuan(amount: Statement) -> Decimal:
    return _number(amount) * _YUAN[amount.unit]


def _half_digit(amount: Statement) -> Decimal:
    """Half of the last digit in yuan. Zeros behind the point are often left out, hence two digits of 万元 at least."""
    return min(_half_unit(amount) * _YUAN[amount.unit], Decimal(50))


def _half_unit(statement: Statement) -> Decimal:
    """Half of the last printed digit."""
    exponent = _number(statement).as_tuple().exponent
    return Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)


def _number(statement: Statement) -> Decimal:
    """The number of a statement that has one; comparisons in words are never asked."""
    return statement.value or Decimal(0)
