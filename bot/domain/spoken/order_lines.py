"""Which lines of an order a customer means."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.spoken import asides
from bot.domain.spoken import little_words as little
from bot.domain.spoken.contrast import contrast
from bot.domain.spoken.line_index import LineIndex, NameSaid
from bot.domain.spoken.options import OptionSaid
from bot.domain.spoken.said import LinesSaid
from bot.domain.spoken.words import Word


@dataclass(slots=True)
class _Tally:
    """What was understood so far."""

    chosen: dict[int, int] = field(default_factory=dict)
    ambiguous: list[frozenset[int]] = field(default_factory=list)
    excluded: set[int] = field(default_factory=set)
    fine: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    rest: "_Mention | None" = None
    all: bool = False


@dataclass(slots=True)
class _Mention:
    """Words that name something: the positions, whether each or one of them, how many."""

    positions: frozenset[int]
    every: bool = False
    quantity: int | None = None
    denied: bool = False
    doubtful: bool = False  # "no la taza": the mug is not meant, or "no, la taza"
    rest: bool = False
    unnamed: bool = False  # an option stands for it: "la negra"
    fine: bool = False  # "el reloj va bien"
    introduced: bool = False  # "compré una cafetera": what there is, not what is meant


class OrderLinesReader:
    """Reads one text about the lines of one order."""

    def __init__(self, index: LineIndex, words: Sequence[Word], chosen: Collection[int]) -> None:
        self._index = index
        self._chosen = frozenset(chosen)
        self._everything = frozenset(range(len(index.quantities)))
        self._words = words

    def read(self) -> LinesSaid:
        """The lines that are meant."""
        sides = contrast(self._words)
        had = self._tally(sides.had)
        if sides.instead_of:
            instead = self._tally(sides.instead_of)
            if instead.chosen and (sides.came or not had.chosen):
                had = instead
        said = self._said(had)
        several = len(said.chosen) + len(said.fine) > 1 and len(said.chosen) > 0
        if several and asides.is_a_story(self._words) and not self._asked_for_together(said):
            return LinesSaid()  # what is meant of all that, only the customer knows
        return said

    def _asked_for_together(self, said: LinesSaid) -> bool:
        """Whether one sentence asks for all that a story seems to mean, and nothing else is in it."""
        named: set[int] = set()
        for sentence in asides.sentences(self._words):
            here = self._said(self._tally(sentence))
            if asides.makes_a_request(sentence) and here.chosen.keys() == said.chosen.keys():
                return True
            named |= here.chosen.keys()
        return len(named) == 1 and named == said.chosen.keys()

    def _tally(self, words: Sequence[Word]) -> _Tally:
        tally = _Tally()
        mentions = _without_the_story(self._all_mentions(words))
        if asides.means_one_of_them(words):
            for mention in mentions:
                if mention.introduced and len(mention.positions) > 1:
                    mention.every, mention.quantity = False, None
        sure = any(not m.denied and not m.doubtful for m in mentions)
        for mention in mentions:
            if mention.doubtful:
                known = mention.positions & self._chosen
                mention.denied = sure or bool(known)
                if not mention.denied and not self._chosen:
                    continue
            self._count(tally, mention)
        if tally.rest is not None:
            self._count_rest(tally, tally.rest)
        return tally

    def _all_mentions(self, words: Sequence[Word]) -> list[_Mention]:
        mentions: list[_Mention] = []
        clauses = little.clauses(words)
        before: list[_Mention] = []
        buying = False
        for number, clause in enumerate(clauses):
            texts = [word.text for word in clause.words]
            buying = asides.tells_of_buying(texts) or (buying and clause.words[0].pause != ".")
            following = clauses[number + 1] if number + 1 < len(clauses) else None
            here = self._mentions(clause)
            if asides.is_fine(texts) and not self._goes_on_about_it(following):
                # "El azul es el de pilas y anda bien" says it of the clause before.
                for mention in here or (before if clause.opener == "y" else []):
                    mention.denied = mention.fine = True
            if little.keeps_several(clause):
                for mention in before:
                    mention.denied = mention.fine = True
            before = here
            for mention in here:
                mention.introduced &= buying
                self._continue(mention, mentions)
                mentions.append(mention)
        return mentions

    def _goes_on_about_it(self, following: little.Clause | None) -> bool:
        """Whether "la camiseta está bien" is taken back by "pero me queda chica"."""
        return (
            following is not None and following.opener == "pero" and not self._mentions(following)
        )

    def _continue(self, mention: _Mention, before: Sequence[_Mention]) -> None:
        """Read "la camiseta azul y la negra" as two of the same name."""
        if not mention.unnamed or len(mention.positions) < 2:
            return
        others = before[-1].positions if before else self._chosen & self._everything
        alike = self._index.alike(mention.positions, others) - others
        mention.positions = alike or mention.positions

    def _count(self, tally: _Tally, mention: _Mention) -> None:
        if mention.rest:
            tally.rest = mention
        elif mention.denied:
            tally.excluded |= mention.positions
            tally.fine |= mention.positions if mention.fine else set()
        elif len(mention.positions) > 1 and not mention.every:
            tally.ambiguous.append(mention.positions)
        else:
            for position in mention.positions:
                whole = self._index.quantities[position]
                tally.chosen[position] = min(mention.quantity or whole, whole)
                tally.open.discard(position)
                if whole > 1 and mention.quantity is None and not mention.every:
                    tally.open.add(position)
            tally.all = tally.all or mention.positions == self._everything

    def _count_rest(self, tally: _Tally, mention: _Mention) -> None:
        known = self._chosen | tally.excluded | tally.chosen.keys()
        if not known:
            return
        left = mention.positions - known
        self._count(tally, replace(mention, positions=left, rest=False))

    def _said(self, tally: _Tally) -> LinesSaid:
        chosen = {p: n for p, n in tally.chosen.items() if p not in tally.excluded}
        unclear: set[int] = set()
        for positions in tally.ambiguous:
            left = positions - tally.excluded
            if not left & chosen.keys():
                if len(left) == 1:
                    (only,) = left
                    chosen[only] = self._index.quantities[only]
                else:
                    unclear |= left
        whole = dict(enumerate(self._index.quantities))
        return LinesSaid(
            chosen=dict(sorted(chosen.items())),
            ambiguous=tuple(sorted(unclear)),
            all=bool(whole) and chosen == whole,
            excluded=tuple(sorted(tally.excluded)),
            quantity_open=tuple(sorted(tally.open & chosen.keys())),
            fine=tuple(sorted(tally.fine)),
        )

    def _mentions(self, clause: little.Clause) -> list[_Mention]:
        words = clause.words
        stems = self._index.stems(words)
        names = self._names(words, stems)
        options = [
            option
            for option in self._index.options_in(words)
            if not little.is_described(words, option.start)
            and not any(n.start < option.end and option.start < n.end for n in names)
        ]
        if not names:
            mention = self._unnamed(clause, options)
            if mention is None:
                return []
            mentions, spans = [mention], [(0, len(words))]
        else:
            mentions, spans = [], []
            for number, name in enumerate(names):
                until = names[number + 1].start if number + 1 < len(names) else len(words)
                begin = name.start if number else 0
                near = [o for o in options if begin <= o.start < until]
                mention = self._named(words, stems, name, near, (begin, until))
                mention.introduced = asides.is_introduced(words, name.start)
                mentions.append(mention)
                spans.append((begin, until))
        for mention, (begin, until) in zip(mentions, spans, strict=True):
            denial = little.denial(clause, begin, until)
            mention.denied = denial is little.Denial.SURE
            mention.doubtful = denial is little.Denial.DOUBTFUL and not mention.rest
        return [mention for mention in mentions if mention.positions]

    def _names(self, words: Sequence[Word], stems: Sequence[str]) -> list[NameSaid]:
        found: list[NameSaid] = []
        at = 0
        while at < len(words):
            name = self._index.name_at(words, stems, at)
            if name is None:
                at += 1
                continue
            if found and little.is_part_of(words[found[-1].end : name.start]):
                # "la batería del portátil": of the two, who knows
                before = found.pop()
                both = before.fits | name.fits
                name = NameSaid(before.start, name.end, both, both)
            found.append(name)
            at = name.end
        return found

    def _named(
        self,
        words: Sequence[Word],
        stems: Sequence[str],
        name: NameSaid,
        options: Sequence[OptionSaid],
        span: tuple[int, int],
    ) -> _Mention:
        begin, until = span
        fitting = self._index.with_options(name.fits, options)
        others = [*stems[begin : name.start], *stems[name.end : until]]
        scores = {
            position: (fit + 2 * self._index.telling_words(position, others), position in name.best)
            for position, fit in fitting.items()
        }
        best = max(scores.values(), default=None)
        positions = frozenset(p for p, score in scores.items() if score == best)
        plural = little.is_plural(words, name.start) and not any(
            self._index.is_plural(position) for position in positions
        )
        quantity = little.quantity_before(words, name.start)
        if quantity is None:
            quantity = little.quantity_after(words, name.end)
        before = words[begin : name.start]
        if little.says_rest(before):
            return _Mention(positions, rest=True, every=plural, quantity=quantity)
        place = little.place(words[begin:until], named=True)
        if place is not None and len(positions) > 1:
            ordered = sorted(positions)
            if -len(ordered) <= place < len(ordered):
                return _Mention(frozenset({ordered[place]}), quantity=quantity)
        units = sum(self._index.quantities[position] for position in positions)
        every = little.says_every(before) or (plural and quantity is None)
        if quantity is not None and quantity >= units:
            return _Mention(positions, every=True)
        return _Mention(positions, every=every, quantity=quantity)

    def _unnamed(self, clause: little.Clause, options: Sequence[OptionSaid]) -> _Mention | None:
        words = clause.words
        everything = self._everything
        if little.says_rest(words):
            left = self._index.with_options(everything, options)
            return _Mention(frozenset(left), rest=True, every=little.says_rest_plural(words))
        if little.says_all(words) or self._counts_all(words):
            return _Mention(everything, every=True)
        count = little.definite_count(words)
        base = self._base()
        if base is not None and count is not None and count == self._index.quantities[base]:
            return _Mention(frozenset({base}), every=True)
        sure = self._pointed_at(words, options)
        if sure:
            fits = self._index.with_options(everything, sure)
            best = max(fits.values(), default=0)
            if best > 0:
                positions = frozenset(p for p, fit in fits.items() if fit == best)
                every = little.is_plural(words, sure[0].start) and not any(
                    self._index.is_plural(position) for position in positions
                )
                quantity = little.quantity_before(words, sure[0].start)
                return _Mention(positions, every=every, quantity=quantity, unnamed=True)
        return self._place_or_quantity(words)

    def _pointed_at(
        self, words: Sequence[Word], options: Sequence[OptionSaid]
    ) -> Sequence[OptionSaid]:
        """The values that stand for an article ("la azul"), and those said with them."""
        for number, option in enumerate(options):
            if little.points_at(words, option.start, option.end):
                return options[number:]
        return ()

    def _place_or_quantity(self, words: Sequence[Word]) -> _Mention | None:
        base = self._base()
        quantity = little.bare_quantity(words)
        if quantity is not None and base is not None:
            if quantity <= self._index.quantities[base]:
                return _Mention(frozenset({base}), quantity=quantity)
            return None
        place = little.place(words, named=False)
        count = len(self._everything)
        if place is not None and count > 1 and -count <= place < count:
            return _Mention(frozenset({place % count}))
        return None

    def _base(self) -> int | None:
        """The one line that a bare number of pieces can be about."""
        if len(self._everything) == 1:
            return 0
        if len(self._chosen) == 1:
            (only,) = self._chosen
            return only if only in self._everything else None
        return None

    def _counts_all(self, words: Sequence[Word]) -> bool:
        """Whether "los dos", "las tres cosas" is everything there is."""
        count = little.definite_count(words)
        if count is None:
            return False
        return count in {len(self._everything), sum(self._index.quantities)}


def _without_the_story(mentions: list[_Mention]) -> list[_Mention]:
    """What is meant, without the list of what was bought that may come before it."""
    pointed = [m for m in mentions if not m.introduced and not m.denied and not m.doubtful]
    return [m for m in mentions if not m.introduced] if pointed else mentions
