"""Workbooks as programs write them: by openpyxl, and by hand in the dialect of LibreOffice Calc.

No LibreOffice is needed: the parts below are what its export filter writes (``sc/source/filter/excel``), down to the
attributes that other programs leave out: ``t="n"``, ``aca="false"``, ``date1904="false"``, ``state="visible"``.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, to_excel

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
GENERAL, STAMP, DAY, CLOCK = range(4)  # the cell styles below
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="General"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="166" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="167" formatCode="hh:mm"/></numFmts><cellStyleXfs count="2"><xf numFmtId="165"/>'
    '<xf numFmtId="165"/></cellStyleXfs><cellXfs count="4">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyFont="false" applyBorder="false" '
        'applyAlignment="false" applyProtection="false"/>'
        for number in (164, 165, 166, 167)
    )
    + "</cellXfs></styleSheet>"
)


@dataclass(frozen=True)
class Raw:
    """A cell as it stands in the XML: its attributes and what is in it."""

    inside: str
    kind: str = "n"
    style: int = GENERAL


@dataclass
class Calc:
    """A workbook as LibreOffice Calc saves it."""

    rows: Sequence[Sequence[Any]]
    name: str = "Tabelle1"
    mac: bool = False  # counts its days from 1904
    merged: Sequence[str] = ()
    before: Mapping[str, str] = field(default_factory=dict)  # names and states of sheets before it, with junk in them
    space: str = MAIN
    texts: list[str] = field(default_factory=list)

    def saved(self, **parts: str | bytes) -> bytes:
        """The file's bytes; ``parts`` replace parts of it, by the last word of their names (``sheet2``)."""
        sheets = [*self.before.items(), (self.name, "visible")]
        junk = Calc([["etwas", "anderes"]], space=self.space)
        files: dict[str, str | bytes] = {
            "xl/workbook.xml": self._book(sheets),
            "xl/_rels/workbook.xml.rels": self._relations(len(sheets)),
            "xl/styles.xml": STYLES,
        }
        for number in range(1, len(sheets)):
            files[f"xl/worksheets/sheet{number}.xml"] = junk._sheet(inline=True)
        files[f"xl/worksheets/sheet{len(sheets)}.xml"] = self._sheet()
        files["xl/sharedStrings.xml"] = self._texts()
        replaced = {name: parts.pop(name.rsplit("/", 1)[1].split(".")[0], inside) for name, inside in files.items()}
        return zipped({**replaced, **parts})

    def _book(self, sheets: Sequence[tuple[str, str]]) -> str:
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" state="{state}" r:id="rId{number + 2}"/>'
            for number, (name, state) in enumerate(sheets, 1)
        )
        return (
            f'{HEAD}<workbook xmlns="{self.space}" xmlns:r="{RELATIONS}"><fileVersion appName="Calc"/><workbookPr '
            f'backupFile="false" showObjects="all" date1904="{str(self.mac).lower()}"/><workbookProtection/><bookViews>'
            '<workbookView showHorizontalScroll="true" firstSheet="0" activeTab="0"/></bookViews>'
            f"<sheets>{listed}</sheets></workbook>"
        )

    def _relations(self, sheets: int) -> str:
        listed = "".join(
            f'<Relationship Id="rId{number + 2}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, sheets + 1)
        )
        return f'{HEAD}<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'

    def _texts(self) -> str:
        listed = "".join(f'<si><t xml:space="preserve">{escape(one)}</t></si>' for one in self.texts)
        return f'{HEAD}<sst xmlns="{self.space}" count="{len(self.texts)}">{listed}</sst>'

    def _sheet(self, *, inline: bool = False) -> str:
        rows = "".join(
            f'<row r="{number}" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" '
            f'collapsed="false">{self._cells(number, row, inline=inline)}</row>'
            for number, row in enumerate(self.rows, 1)
        )
        merged = "".join(f'<mergeCell ref="{one}"/>' for one in self.merged)
        merged = f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>' if merged else ""
        return (
            f'{HEAD}<worksheet xmlns="{self.space}" xmlns:r="{RELATIONS}"><sheetPr filterMode="false"/>'
            f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>{merged}</worksheet>'
        )

    def _cells(self, row: int, cells: Sequence[Any], *, inline: bool) -> str:
        return "".join(
            self._cell(f"{get_column_letter(column)}{row}", one, inline=inline)
            for column, one in enumerate(cells, 1)
            if one is not None
        )

    def _cell(self, place: str, value: Any, *, inline: bool) -> str:
        raw = self._raw(value)
        if inline and raw.kind == "s":
            raw = Raw(f"<is><t>{escape(str(value))}</t></is>", "inlineStr")
        return f'<c r="{place}" s="{raw.style}" t="{raw.kind}">{raw.inside}</c>'

    def _raw(self, value: Any) -> Raw:
        match value:
            case Raw():
                return value
            case bool():
                return Raw(f"<v>{int(value)}</v>", "b")
            case int() | float():
                return Raw(f"<v>{value}</v>")
            case datetime():
                counted = to_excel(value, MAC_EPOCH if self.mac else WINDOWS_EPOCH)
                return Raw(f"<v>{counted}</v>", style=STAMP if value.hour else DAY)
            case str() if value.startswith("="):
                return Raw(f'<f aca="false">{escape(value[1:])}</f><v>2</v>')
            case _:
                self.texts.append(str(value))
                return Raw(f"<v>{len(self.texts) - 1}</v>", "s")


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inside in files.items():
            packed.writestr(name, inside)
    return content.getvalue()


def by_openpyxl(rows: Sequence[Sequence[Any]], name: str = "Sheet") -> bytes:
    """The same by openpyxl."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = name
    for row in rows:
        page.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
