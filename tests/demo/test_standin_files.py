"""Files up and down, photos, albums, captions."""

import json
import struct
import zlib

import aiohttp
import pytest

from demo.telegram import Person
from demo.telegram.files import image_size
from tests.demo.raw_client import Api, judge_update


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"".join(b"\0" + b"\xc8\x96\x64" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def upload(api: Api, method: str, files: dict[str, tuple[str, bytes]], **params: object) -> object:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, (filename, content) in files.items():
        form.add_field(name, content, filename=filename)
    async with api.session.post(api.url(method), data=form) as response:
        return await api.read(method, response)


async def test_a_document_arrives_with_name_type_and_caption(api: Api, anna: Person) -> None:
    files = {"document": ("Sitzung März.ics", b"BEGIN:VCALENDAR")}
    await upload(api, "sendDocument", files, chat_id="1", caption="<b>Termin</b>", parse_mode="HTML")
    file = anna.last.file
    assert file is not None
    assert (file.name, file.mime_type, file.content) == ("Sitzung März.ics", "text/calendar", b"BEGIN:VCALENDAR")
    assert anna.last.html == "<b>Termin</b>"


async def test_a_file_of_a_person_can_be_downloaded_and_sent_on(api: Api, anna: Person) -> None:
    anna.send_document("Frage.txt", b"Inhalt", caption="siehe Datei")
    [update] = await api.updates()
    judge_update(update)
    document = update["message"]["document"]
    found = await api("getFile", file_id=document["file_id"])
    async with api.session.get(f"{api.address}/file/bot42:TEST/{found['file_path']}") as response:
        assert await response.read() == b"Inhalt"
    await api("sendDocument", chat_id=1, document=document["file_id"])
    assert anna.last.file is not None
    assert anna.last.file.content == b"Inhalt"


async def test_another_bot_gets_no_file_of_mine(api: Api, anna: Person) -> None:
    anna.send_document("Frage.txt", b"Inhalt")
    [update] = await api.updates()
    document = update["message"]["document"]
    path = (await api("getFile", file_id=document["file_id"]))["file_path"]
    other = Api(api.session, api.address, "77:OTHER")
    assert "wrong file_id" in await other.refusal("getFile", file_id=document["file_id"])
    async with api.session.get(f"{api.address}/file/bot77:OTHER/{path}") as response:
        assert response.status == 404


async def test_photos_have_sizes(api: Api, anna: Person) -> None:
    sent = await upload(api, "sendPhoto", {"photo": ("x.png", png(30, 20))}, chat_id="1")
    assert isinstance(sent, dict)
    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (30, 20)
    anna.send_photo(png(3, 4))
    [update] = await api.updates()
    judge_update(update)
    assert image_size(b"GIF89a" + struct.pack("<HH", 5, 6)) == (5, 6)
    assert image_size(b"no picture") is None


async def test_jpeg_sizes_are_read_past_other_segments() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab" + b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 70, 90) + b"\x01\x01\x11\x00"
    assert image_size(jpeg) == (90, 70)


async def test_a_picture_that_is_none(api: Api, anna: Person) -> None:
    form = aiohttp.FormData({"chat_id": "1"})
    form.add_field("photo", b"no picture", filename="x.png")
    async with api.session.post(api.url("sendPhoto"), data=form) as response:
        assert (await response.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_albums(api: Api, anna: Person) -> None:
    media = [
        {"type": "document", "media": "attach://a", "caption": "eins"},
        {"type": "document", "media": "attach://b"},
    ]
    files = {"a": ("a.txt", b"A"), "b": ("b.txt", b"B")}
    sent = await upload(api, "sendMediaGroup", files, chat_id="1", media=media)
    assert isinstance(sent, list)
    assert len({one["media_group_id"] for one in sent}) == 1
    assert [message.file.content for message in anna.messages if message.file] == [b"A", b"B"]
    one = [{"type": "document", "media": "x"}]
    assert (
        await api.refusal("sendMediaGroup", chat_id=1, media=one * 11)
        == "Bad Request: too many messages to send as an album"
    )


async def test_captions_and_files_can_be_edited(api: Api, anna: Person) -> None:
    await upload(api, "sendDocument", {"document": ("a.txt", b"A")}, chat_id="1", caption="alt")
    await api("editMessageCaption", chat_id=1, message_id=anna.last.id, caption="neu")
    assert anna.last.text == "neu"
    media = {"type": "document", "media": "attach://b"}
    await upload(
        api, "editMessageMedia", {"b": ("b.txt", b"B")}, chat_id="1", message_id=str(anna.last.id), media=media
    )
    assert anna.last.file is not None
    assert (anna.last.file.content, anna.last.text) == (b"B", "")
    text_edit = await api.refusal("editMessageText", chat_id=1, message_id=anna.last.id, text="x")
    assert text_edit == "Bad Request: there is no text in the message to edit"


@pytest.mark.parametrize("kind", ["video", "audio", "voice", "animation", "video_note"])
async def test_other_kinds_keep_their_bytes(api: Api, anna: Person, kind: str) -> None:
    method = "send" + "".join(part.capitalize() for part in kind.split("_"))
    await upload(api, method, {kind: ("x.bin", b"bytes")}, chat_id="1")
    assert anna.last.file is not None
    assert anna.last.file.content == b"bytes"


async def test_fifty_megabytes_at_most(api: Api, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.telegram.methods.media.MAX_UPLOAD", 10)
    monkeypatch.setattr("demo.telegram.methods.media.MAX_DOWNLOAD", 10)
    form = aiohttp.FormData({"chat_id": "1"})
    form.add_field("document", b"x" * 11, filename="x.bin")
    async with api.session.post(api.url("sendDocument"), data=form) as response:
        assert (response.status, (await response.json())["description"]) == (413, "Request Entity Too Large")
    anna.send_document("x.bin", b"x" * 11)
    [update] = await api.updates()
    assert (
        await api.refusal("getFile", file_id=update["message"]["document"]["file_id"]) == "Bad Request: file is too big"
    )


@pytest.mark.parametrize(
    ("written", "name"), [("zurück.txt", "zurück.txt"), ('"a \\"b\\".txt"', 'a "b".txt'), ('"x;y.txt"', "x;y.txt")]
)
async def test_names_of_files_come_bare_or_in_quotes(api: Api, anna: Person, written: str, name: str) -> None:
    body = (
        '--limit\r\ncontent-disposition:form-data;name="chat_id"\r\n\r\n1\r\n--limit\r\n'
        f"content-disposition:form-data;name=document;filename={written}\r\n\r\n\r\n-Inhalt\r\n\r\n--limit--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    async with api.session.post(api.url("sendDocument"), data=body.encode(), headers=headers) as response:
        await api.read("sendDocument", response)
    assert anna.last.file
    assert (anna.last.file.name, anna.last.file.content) == (name, b"\r\n-Inhalt\r\n")


async def test_a_form_without_a_boundary(api: Api) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    async with api.session.post(api.url("sendDocument"), data=b"x", headers=headers) as response:
        assert (response.status, (await response.json())["error_code"]) == (400, 400)
