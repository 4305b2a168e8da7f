"""Tables as files: CSV and XLSX hold numbers, DOCX and LaTeX hold them as they are read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import xlsxwriter
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.reporting.citation import identity, reference
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.tables.table import Table, Value

_ENDS = ("median", "low", "high")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHEET_NAME = 31  # characters that a worksheet's name may have


def write_tables(tables: Sequence[Table], folder: Path, manifest: Manifest, language: Language) -> list[Path]:
    """Write every table as CSV and LaTeX, and all together as one workbook and one document."""
    made(folder)
    written = []
    for table in tables:
        for suffix, content in (("csv", as_csv(table, language)), ("tex", as_latex(table, language))):
            written.append(_write(folder / f"{table.name}.{suffix}", content.encode()))
    written.append(_write(folder / "tables.xlsx", as_xlsx(tables, manifest, language)))
    written.append(_write(folder / "tables.docx", as_docx(tables, manifest, language)))
    return written


def as_csv(table: Table, language: Language = ENGLISH) -> str:
    """One row per row; a number takes three columns: median, low and high. The note stands in the last rows.

    A Dutch spreadsheet reads semicolons and decimal commas, and takes a file for UTF-8 by the mark at its beginning.
    """
    text = io.StringIO()
    dutch = language.code != ENGLISH.code
    writer = csv.writer(text, lineterminator="\n", delimiter=";" if dutch else ",")
    writer.writerow([inert(head) for head in _spread_heads(table, language)])
    for row in table.rows:
        writer.writerow([part for cell in row for part in _spread(cell, language)])
    writer.writerow([])
    writer.writerow([f"# {table.title}. {table.note}"])
    return ("\ufeff" if dutch else "") + text.getvalue()


def as_latex(table: Table, language: Language) -> str:
    """A `table` with booktabs rules, caption, label and note."""
    lines = [
        r"\begin{table}",
        rf"\caption{{{_tex(table.title)}}}",
        rf"\label{{tab:doorstroom-{table.name}}}",
        r"\footnotesize",
        rf"\begin{{tabular}}{{{'l' * len(table.columns)}}}",
        r"\toprule",
        " & ".join(_tex(column) for column in table.columns) + r" \\",
        r"\midrule",
        *(" & ".join(_tex(_text(cell, language)) for cell in row) + r" \\" for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        "",
        rf"\smallskip {_tex(table.note)}",
        r"\end{table}",
    ]
    return "% needs \\usepackage{booktabs}\n" + "\n".join(lines) + "\n"


def as_xlsx(tables: Sequence[Table], manifest: Manifest, language: Language) -> bytes:
    """A sheet per table with numbers that can be reckoned with, and a sheet that says where they come from."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": reference(manifest),
                "comments": identity(manifest),
                "author": "doorstroom",
                "created": datetime.fromisoformat(manifest.started),
            }
        )
        bold, wrap = (
            book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            book.add_format({"text_wrap": True}),
        )
        formats: dict[int, Any] = {}
        for table in tables:
            sheet = book.add_worksheet(table.name[:_SHEET_NAME])
            sheet.write_string(0, 0, table.title, book.add_format({"bold": True}))
            for at, head in enumerate(_spread_heads(table, language, " ")):
                sheet.write_string(2, at, head, bold)
            for line, row in enumerate(table.rows, start=3):
                column = 0
                for cell in row:
                    column = _into_sheet(book, sheet, formats, line, column, cell, language)
            sheet.write_string(len(table.rows) + 4, 0, table.note)
            sheet.freeze_panes(3, 1)
            sheet.set_column(0, 0, 38)
            sheet.set_column(1, 40, 13)
        about = book.add_worksheet(language("Source"))
        about.set_column(0, 0, 120)
        for line, text in enumerate((reference(manifest), identity(manifest), manifest.command)):
            about.write_string(line, 0, text, wrap)
    return content.getvalue()


def as_docx(tables: Sequence[Table], manifest: Manifest, language: Language) -> bytes:
    """All tables in one document, each with its caption and note, on pages that lie on their side."""
    document = docx.Document()
    # a property holds 255 characters: the whole identity stands in the last paragraph
    document.core_properties.title = _legible(manifest.title)[:255]
    document.core_properties.identifier = manifest.study
    document.core_properties.author = "doorstroom"
    document.core_properties.created = datetime.fromisoformat(manifest.started)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.styles["Normal"].font.size = Pt(8)
    for at, table in enumerate(tables, start=1):
        document.add_heading(_legible(language("Table {number}. {title}", number=at, title=table.title)), level=2)
        grid = document.add_table(rows=1, cols=len(table.columns), style="Light List Accent 1")
        for place, head in zip(grid.rows[0].cells, table.columns, strict=True):
            place.text = _legible(head)
        for row in table.rows:
            # cells of a row are looked up once: asking the table for each takes minutes on long tables
            for place, cell in zip(grid.add_row().cells, row, strict=True):
                place.text = _legible(_text(cell, language))
        document.add_paragraph(_legible(table.note))
    document.add_paragraph(_legible(reference(manifest)))
    document.add_paragraph(_legible(identity(manifest)))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _into_sheet(
    book: Any, sheet: Any, formats: dict[int, Any], line: int, column: int, cell: str | Value, language: Language
) -> int:
    """Write a cell of a table; returns the next free column."""
    if not isinstance(cell, Value):
        sheet.write_string(line, column, cell)
        return column + 1
    places = cell.places()
    if places not in formats:
        formats[places] = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
    for number in cell.numbers():
        if number == number:
            sheet.write_number(line, column, number, formats[places])
        column += 1
    if cell.effect:
        sheet.write_string(line, column, language(str(cell.summary.sureness)))
        column += 1
    elif cell.why and cell.numbers()[0] != cell.numbers()[0]:
        sheet.write_string(line, column - len(_ENDS), language(cell.why))
    return column


def _spread_heads(table: Table, language: Language, between: str = "_") -> Iterator[str]:
    """Heads of the columns, a number's three (and for an effect its word) apart."""
    for at, column in enumerate(table.columns):
        cell = table.rows[0][at] if table.rows else ""
        if not isinstance(cell, Value):
            yield column
            continue
        for end in _ENDS:
            yield f"{column}{between}{language(end)}"
        if cell.effect:
            yield f"{column}{between}{language('sureness')}"


def _spread(cell: str | Value, language: Language) -> list[str]:
    if not isinstance(cell, Value):
        return [inert(cell)]
    numbers = ["" if number != number else language.figure(f"{number:.8g}") for number in cell.numbers()]
    return [*numbers, language(str(cell.summary.sureness))] if cell.effect else numbers


def inert(text: str) -> str:
    """Text that a spreadsheet would take for a formula, behind the apostrophe that makes it text; numbers stay."""
    sign = text[:1] in ("+", "-") and text[1:].strip("0123456789.,% ") != ""
    return f"'{text}" if sign or text.startswith(("=", "@", "\t", "\r")) else text


def _legible(text: str) -> str:
    """Text without the characters that no XML may hold, such as those that control a terminal."""
    return _NOT_XML.sub("\ufffd", text)


def _text(cell: str | Value, language: Language) -> str:
    return cell.text(language) if isinstance(cell, Value) else cell


_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2212": "$-$", "\u00d7": r"$\times$",
}  # fmt: skip


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _write(path: Path, content: bytes) -> Path:
    with atomic(path) as file:
        file.write(content)
    return path
