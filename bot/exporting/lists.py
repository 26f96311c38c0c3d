"""The lists: as an office folder that can be loaded again, and as workbooks."""

from sqlalchemy import select

from bot.exporting.desk import Desk
from bot.exporting.toml import office_toml
from handlers.office.files.tables import definition, standing_rows
from handlers.papers.sheets import csv_file, workbook
from models.office import Body, the_office
from models.roll import LISTS
from models.roll.sources import SOURCES

FOLDER, BOOKS = "buero", "listen"


async def export_lists(desk: Desk) -> None:
    """office.toml with members, deadlines and meetings as CSV (``load`` takes the folder), and each as a workbook."""
    office = await the_office(desk.session)
    bodies = list(await desk.session.scalars(select(Body).order_by(Body.id)))
    desk.akte.put(FOLDER, "office.toml", office_toml(office, bodies))
    for kind in (*LISTS, SOURCES):
        columns, rows = definition(kind).columns, await standing_rows(desk.session, kind)
        if kind != SOURCES:
            desk.akte.put(FOLDER, f"{kind}.csv", csv_file([columns, *rows]))
        desk.akte.put(BOOKS, f"{kind}.xlsx", workbook(kind, columns, rows))
