"""The sample office: a folder like any office's, with its dates counted from the day the demo starts."""

import re
import shutil
from datetime import date, time, timedelta
from pathlib import Path

from models.calendar import Calendar

TEMPLATE = Path(__file__).parent / "office"
# „{+10d 12:00}": ten days ahead, on the first working day from there; „{-20d}": twenty days ago, without a clock time.
_PLACEHOLDER = re.compile(r"\{([+-]\d+)d(?: (\d{1,2}):(\d{2}))?\}")


def write_sample(folder: Path, today: date) -> Path:
    """Write the sample office into a folder, its dates counted from ``today``, and return the folder."""
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    for file in folder.glob("*.csv"):
        file.write_text(dated(file.read_text(encoding="utf-8"), today), encoding="utf-8")
    return folder


def dated(text: str, today: date) -> str:
    """The text with its placeholders replaced by dates as the office writes them."""
    calendar = Calendar()

    def replace(found: re.Match[str]) -> str:
        day = today + timedelta(days=int(found[1]))
        if found[2] is None:
            return f"{day:%d.%m.%Y}"
        return f"{calendar.working_day_from(day):%d.%m.%Y} {time(int(found[2]), int(found[3])):%H:%M}"

    return _PLACEHOLDER.sub(replace, text)
