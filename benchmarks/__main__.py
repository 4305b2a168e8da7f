"""All timings side by side, in one run on one machine: python -m benchmarks [--write docs/speed.md].

Three minutes on two quiet cores. Times of one process are processor time, which other work on the machine disturbs
least; start-up and processes have both that and wall clock. Quote the ratios.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks import families, growth, machine, person_year, processes, start_up, whole_country
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

NOTE = """Made by `make bench`, never by hand. Times are processor time of one core but where wall clock is named; what
counts are the ratios.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="also write the tables to this Markdown file")
    asked = parser.parse_args()
    screen, parts = Console(width=120), [f"# Speed\n\n{NOTE}\n{machine.described()}; {machine.busy()}.\n"]
    screen.print(parts[0], highlight=False)
    for title, table, remark in sections():
        part = f"\n## {title}\n\n{as_markdown(table)}\n{remark}\n"
        screen.print(part, highlight=False, markup=False)
        parts.append(part)
    if asked.write:
        asked.write.write_text("".join(parts), encoding="utf-8")


def sections() -> Iterator[tuple[str, Table, str]]:
    """Title, table and remark of each part, as soon as it is measured."""
    yield three_programs()
    yield from one_country()
    yield with_pupils()
    yield with_regions()
    yield with_years_and_runs()
    yield with_families()
    yield with_processes()
    yield starting()


def three_programs() -> tuple[str, Table, str]:
    person_year.compiled(0.01)  # kernels are loaded
    slow = person_year.one_by_one()
    rows = [slow]
    for fraction in (person_year.SMALL, 1.0):
        plain, one = person_year.in_numpy(fraction)
        fast, other = person_year.compiled(fraction)
        if not person_year.same_people(one, other):
            raise SystemExit("NumPy and doorstroom don't take the same decisions")
        rows += [plain, fast]
    best = rows[-1].median
    table = columns("Program", "Part of the people", "ns per person-year", "times doorstroom at 1:1")
    for timed in rows:
        table.add_row(timed.program, f"{timed.fraction:g}", f"{timed.median:,.0f}", f"{timed.median / best:,.1f}")
    remark = "All three take the same decisions for the same people with the same random numbers, checked in this run."
    return "The pupils' year by three programs", table, remark


def one_country() -> Iterator[tuple[str, Table, str]]:
    country, bandwidth = whole_country.measured(), machine.copy_bandwidth()
    years = 1e3 / 21
    table = columns("Part of the school year", "ms a year", "share")
    for part, seconds in country.seconds.items():
        table.add_row(part, f"{seconds * years:.1f}", f"{seconds / country.run:.0%}")
    table.add_row("all", f"{country.run * years:.1f}", "100%")
    each = country.run / country.person_years * 1e9
    remark = (
        f"Building takes {country.build:.2f} s, the years 2020 to 2040 {country.run:.2f} s: {each:.0f} ns per person "
        f"in education and year, {country.alive:,} persons at most."
    )
    yield "The whole country at 1:1", table, remark
    table = columns("What", "Figure")
    streaming = country.streamed / bandwidth
    table.add_row("bytes of every array of everybody in education, read and written once a year", _gb(country.streamed))
    table.add_row("copy bandwidth of one core, read and written", f"{bandwidth / 1e9:.0f} GB/s")
    table.add_row("time of streaming", f"{streaming:.3f} s")
    table.add_row("run against streaming", f"{(country.build + country.run) / streaming:.0f} times")
    table.add_row("of that making the random numbers", f"{country.drawing / streaming:.0f} times")
    table.add_row("resident before the country was built (Python and its packages)", f"{country.libraries:.0f} MB")
    table.add_row("resident at most", f"{country.peak:.0f} MB")
    own = (country.peak - country.libraries) * 2**20 / country.alive
    table.add_row("of that per person in education", f"{own:.0f} bytes")
    yield "The roofline and memory", table, ""


def with_pupils() -> tuple[str, Table, str]:
    points = growth.with_pupils()
    table = columns("Country", "Persons", "ms a year", "ns per person-year")
    for point in points:
        table.add_row(point.size, f"{point.persons:,}", f"{point.year * 1e3:.1f}", f"{point.person_year:.0f}")
    _, tenth, whole, four = points
    more = [(b.year - a.year) / (b.persons - a.persons) * 1e9 for a, b in ((tenth, whole), (whole, four))]
    remark = (
        f"One person more costs {more[0]:.0f} ns a year from 1/10 to 1/1 and {more[1]:.0f} ns from 1/1 to 4: "
        f"{more[1] / more[0]:.2f} times. The institutions' year, the same for every size, is the rest."
    )
    return "Growth with pupils", table, remark


def with_regions() -> tuple[str, Table, str]:
    table = columns("Regions", "Persons", "ms a year", "ns per person-year")
    for point in growth.with_regions():
        table.add_row(point.size, f"{point.persons:,}", f"{point.year * 1e3:.1f}", f"{point.person_year:.0f}")
    return "Growth with regions, about as many people in each", table, ""


def with_years_and_runs() -> tuple[str, Table, str]:
    table = columns("What", "Number", "ms each")
    for years, seconds in growth.with_years():
        table.add_row("school years", f"{years}", f"{seconds * 1e3:.0f}")
    for runs, seconds in growth.with_runs():
        table.add_row("runs in one process", f"{runs}", f"{seconds * 1e3:.0f}")
    return f"Growth with years and runs, {growth.SMALL:g} of the people", table, ""


def with_families() -> tuple[str, Table, str]:
    table = columns(
        "Part of the people", "four apart, s", "together, s", "against apart", "one run, s",
        f"one more that differs in its last {families.YEARS_APART} years", "a fork, ms",
    )  # fmt: skip
    for fraction in families.FRACTIONS:
        of = families.compared(fraction)
        table.add_row(
            f"{fraction:g}",
            f"{of.apart:.2f}",
            f"{of.together:.2f}",
            f"{of.together / of.apart:.0%}",
            f"{of.run:.2f}",
            f"{of.late / of.run:.0%}",
            f"{of.fork * 1e3:.0f}",
        )
    return f"A comparison of {', '.join(families.SCENARIOS)} under one draw and seed", table, ""


def with_processes() -> tuple[str, Table, str]:
    one = processes.pace(1)
    table = columns(
        "Processes", "Runs per second (wall clock)", "against one", "Processor seconds a run", "against one"
    )
    for number, pace in ((1, one), (2, processes.pace(2))):
        table.add_row(
            f"{number}",
            f"{pace.runs_per_second:.2f}",
            f"{pace.runs_per_second / one.runs_per_second:.2f}",
            f"{pace.seconds_per_run:.2f}",
            f"{pace.seconds_per_run / one.seconds_per_run:.2f}",
        )
    return f"Processes, {processes.FRACTION:g} of the people, 22 years", table, ""


def starting() -> tuple[str, Table, str]:
    helped, (cold, warm, told) = start_up.help_page(), start_up.first_and_second()
    table = columns("What", "Seconds of wall clock", "of processor time")
    for what, taken in (
        ("doorstroom --help", helped),
        ("a country and its first year, nothing compiled yet", cold),
        ("the same, compiled before", warm),
    ):
        table.add_row(what, f"{taken.wall:.2f}", f"{taken.processor:.2f}")
    remark = f"The first run after installing {'says' if told else 'does not say'} that it compiles."
    return "Starting", table, remark


def columns(first: str, *others: str) -> Table:
    table = Table(first, box=MARKDOWN)
    for name in others:
        table.add_column(name, justify="right")
    return table


def as_markdown(table: Table) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines() if line.strip()) + "\n"


def _gb(size: float) -> str:
    return f"{size / 1e9:.2f} GB"


if __name__ == "__main__":
    main()
