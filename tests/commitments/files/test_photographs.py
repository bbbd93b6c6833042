"""Photographs are measured first and drawn afresh in a process of their own, in bounded time."""

import io
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile

from commitments.files import budget, drawing, photographs
from commitments.files.budget import Budget
from commitments.files.uploads import check_upload
from commitments.models import EvidenceFile
from tests.commitments import sample_files
from tests.factories import make_evidence, make_person
from vcsportal.common import rate_limits
from vcsportal.common.words import Refused

DAMAGED = "“a.jpg” is damaged or incomplete, so it can't be shown."


@pytest.fixture(params=[True, False], ids=["as weasyprint leaves it", "as pillow has it"])
def truncated_images(request, monkeypatch):
    """Pillow's setting for the whole process; in the web process WeasyPrint has turned it on."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", request.param)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def broken(data: bytes) -> bytes:
    """One byte in the middle of the picture is another one, and everything is there."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "data",
    [
        half(sample_files.patterned(300, 200, "JPEG")),
        half(sample_files.patterned(300, 200, "JPEG", progressive=True)),
        half(sample_files.patterned(300, 200, "PNG")),
        half(sample_files.patterned(300, 200, "WEBP")),
        half(sample_files.patterned(300, 200, "WEBP", lossless=True)),
        sample_files.patterned(300, 200, "JPEG")[:-2],
        sample_files.patterned(300, 200, "PNG")[:-40],
        sample_files.patterned(300, 200, "WEBP")[:-1],
        broken(sample_files.patterned(300, 200, "PNG")),
        sample_files.header_of_png(300, 200),
        sample_files.patterned(300, 200, "JPEG")[:30],
    ],
    ids=[
        "half a jpeg", "half a progressive jpeg", "half a png", "half a webp", "half a lossless webp", "jpeg without its end",
        "png without its last bytes", "webp without its last byte", "a broken png", "a png of nothing", "a jpeg's head",
    ],
)  # fmt: skip
def test_part_of_a_picture_is_refused_whatever_the_process_thinks_of_it(data, truncated_images):
    with pytest.raises(Refused) as refused:
        check_upload("a.jpg", data)
    assert refused.value.sentence.startswith(DAMAGED)


@pytest.mark.parametrize(("kind", "more"), [("JPEG", b""), ("JPEG", bytes(500)), ("PNG", b"trailing"), ("WEBP", b"")])
def test_a_whole_picture_is_kept_also_where_something_follows_it(kind, more, truncated_images):
    checked = check_upload("a.jpg", sample_files.patterned(300, 200, kind) + more)
    assert Image.open(io.BytesIO(checked.content)).size == (300, 200)


def test_a_jpeg_is_unpacked_no_larger_than_it_is_needed(monkeypatch):
    sizes = []
    upright = drawing._upright_on_white

    def look(image):
        sizes.append(image.size)
        return upright(image)

    monkeypatch.setattr(drawing, "_upright_on_white", look)
    drawn, small = drawing.draw(sample_files.photograph(6000, 3000))
    assert sizes == [(3000, 1500)]
    assert [Image.open(io.BytesIO(one)).size for one in (drawn, small)] == [(2400, 1200), (900, 450)]


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("JPEG", "CMYK", (8000, 5000)), ("PNG", "RGBA", (8000, 5000)), ("PNG", "P", (8000, 5000)),
        ("PNG", "I;16", (8000, 5000)), ("WEBP", "RGBA", (5000, 4000)),
    ],
)  # fmt: skip
def test_the_largest_pictures_are_drawn_within_the_memory_they_may_have(kind, mode, size):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **({"compress_level": 1} if kind == "PNG" else {"quality": 50}))
    checked = check_upload("a.jpg", out.getvalue())
    assert max(Image.open(io.BytesIO(checked.content)).size) == 2400


def test_a_webp_may_have_half_as_many_pixels(settings):
    settings.UPLOAD_MAX_PIXELS = 4_000_000
    with pytest.raises(
        Refused, match=r"“a\.jpg” has too many pixels: the limit is 2 million\. Save it in a smaller size"
    ):
        check_upload("a.jpg", sample_files.photograph(2001, 1000, "WEBP"))
    assert check_upload("a.jpg", sample_files.photograph(2000, 1000, "WEBP")).kind == "photograph"


def test_a_picture_like_a_thread_is_drawn_too():
    drawn, _small = drawing.draw(sample_files.photograph(6000, 1))
    assert Image.open(io.BytesIO(drawn)).size == (2400, 1)


def test_the_process_that_draws_knows_no_secret_of_ours(monkeypatch, tmp_path):
    program = tmp_path / "environment.py"
    program.write_text(
        "import os, sys\nout = repr(dict(os.environ)).encode()\nsys.stdout.buffer.write(bytes(8) + out)\n"
    )
    monkeypatch.setattr(photographs, "PROGRAM", program)
    monkeypatch.setenv("SECRET_KEY", "very secret")
    _none, told = photographs._drawn("a.jpg", b"", 5)
    assert b"SECRET_KEY" not in told
    assert b"DATABASE_URL" not in told


def test_a_picture_that_is_never_finished_is_given_up_in_time(monkeypatch, tmp_path, settings):
    program = tmp_path / "slow.py"
    program.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(photographs, "PROGRAM", program)
    settings.UPLOAD_SECONDS_A_PHOTOGRAPH = 0.1
    with pytest.raises(Refused, match=r"“a\.jpg” takes too long to read. Save it in a smaller size"):
        check_upload("a.jpg", sample_files.photograph())


def test_a_machine_that_starts_no_process_is_a_sentence(monkeypatch):
    def refuse(*given, **more):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(Refused, match=r"“a\.jpg” could not be checked, because the portal is very busy"):
        check_upload("a.jpg", sample_files.photograph())


def test_the_process_that_draws_is_bounded_and_takes_no_half_pictures():
    code = (
        "import runpy, resource, sys; from PIL import ImageFile; ImageFile.LOAD_TRUNCATED_IMAGES = True\n"
        f"module = runpy.run_path({str(photographs.PROGRAM)!r})\n"
        "status = module['main']()\n"
        "print(status, resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_AS)[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=half(sample_files.patterned(300, 200, "JPEG")),
        capture_output=True,
        check=True,
    )
    assert done.stdout.split() == [b"3", b"10", str(768 * 1024**2).encode()]
    assert done.stderr == b"OSError"


# What the files of one request may cost


def test_a_request_draws_no_more_pixels_than_it_may(settings):
    settings.UPLOAD_MAX_PIXELS_AT_ONCE = 100
    cost = Budget()
    cost.take("a.jpg", 60)
    with pytest.raises(Refused, match=r"“b\.jpg” was left out, because these photographs are very large together"):
        cost.take("b.jpg", 41)
    cost.take("c.jpg", 40)
    with pytest.raises(Refused):
        cost.take("d.jpg", 1)


def test_a_refused_photograph_costs_its_person_nothing():
    spent = []

    def spend(pixels: int) -> bool:
        spent.append(pixels)
        return False

    cost = Budget(spend)
    for _ in range(2):
        with pytest.raises(Refused, match=r"you have added many large photographs in a short time"):
            cost.take("a.jpg", 10)
    assert spent == [10, 10]
    assert Budget().pixels == cost.pixels


def test_when_its_time_is_over_no_file_is_looked_into_any_more(settings, monkeypatch):
    settings.UPLOAD_SECONDS = 0
    for data in (sample_files.photograph(), sample_files.pdf(), sample_files.word(), b"words"):
        with pytest.raises(
            Refused, match=r"“a\.txt” was left out, because the files before it took a long time to check"
        ):
            check_upload("a.txt", data, Budget())


def test_one_photograph_is_drawn_at_a_time_and_the_next_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(budget, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(budget, "TURN_WAIT_SECONDS", 0.05)
    with (
        Budget().place("a.jpg"),
        pytest.raises(Refused, match=r"“b\.jpg” was left out, because the portal is busy"),
        Budget().place("b.jpg"),
    ):
        pass
    with Budget().place("c.jpg"):
        pass


@pytest.fixture
def drawn(monkeypatch):
    """The sizes of the pictures that were drawn."""
    sizes = []
    really = photographs._drawn

    def count(shown, data, seconds):
        sizes.append(Image.open(io.BytesIO(data)).size)
        return really(shown, data, seconds)

    monkeypatch.setattr(photographs, "_drawn", count)
    return sizes


def send(client, piece, shots) -> list[str]:
    answer = client.post(
        reverse("commitments:evidence-file-add", args=[piece.pk]),
        {"uploads": [SimpleUploadedFile(f"{n}.png", data) for n, data in enumerate(shots)]},
    )
    assert answer.status_code in {302, 422}
    return [] if answer.status_code == 302 else list(answer.context["form"].errors["uploads"])


def shots(how_many: int, pixels: int = 60) -> list[bytes]:
    return [
        sample_files.photograph(pixels, 100, "PNG", colour=f"#{n * 12:02x}00{255 - n * 12:02x}")
        for n in range(how_many)
    ]


@pytest.mark.django_db
def test_twenty_large_photographs_in_one_request_draw_five_and_name_the_others(
    partner, commitment, signed_in, settings, drawn
):
    settings.UPLOAD_MAX_PIXELS, settings.UPLOAD_MAX_PIXELS_AT_ONCE = 6_000, 5 * 6_000
    piece = make_evidence(partner, commitment)
    told = send(signed_in(partner), piece, shots(20))
    assert len(drawn) == 5
    assert sum(width * height for width, height in drawn) == 5 * 6_000
    assert [file.name for file in piece.files.order_by("id")] == [f"{n}.jpg" for n in range(5)]
    assert len(told) == 15
    assert all(
        sentence
        == f"“{n}.png” was left out, because these photographs are very large together. Add it again on its own."
        for n, sentence in enumerate(told, 5)
    )


@pytest.mark.django_db
def test_no_more_photographs_are_drawn_than_an_item_can_have(partner, commitment, signed_in, drawn):
    piece = make_evidence(partner, commitment)
    told = send(signed_in(partner), piece, shots(14))
    assert len(drawn) == 10
    assert told == [
        f"“{n}.png” was left out. An item of evidence can have up to 10 files. Remove one first." for n in range(10, 14)
    ]
    assert EvidenceFile.objects.count() == 10


@pytest.mark.django_db
def test_each_person_may_add_so_many_pixels_a_minute(
    partner, charity, commitment, signed_in, settings, drawn, monkeypatch
):
    monkeypatch.setattr(
        rate_limits, "time", SimpleNamespace(time=lambda: 1_800_000_000)
    )  # the minute does not end meanwhile
    settings.UPLOAD_MAX_PIXELS_A_MINUTE = 3 * 6_000
    settings.UPLOAD_MAX_PIXELS_AT_ONCE = 2 * 6_000
    colleague = make_person("partner_contributor", charity)
    first, second = make_evidence(partner, commitment), make_evidence(partner, commitment)
    assert len(send(signed_in(partner), first, shots(3))) == 1
    told = send(signed_in(partner), second, shots(3))
    assert [sentence.split(",")[1] for sentence in told] == [" because you have added many large photographs in a short time. Add it again in a minute."] * 2  # fmt: skip
    assert len(send(signed_in(colleague), second, shots(3, 59))) == 1
    assert len(drawn) == 2 + 1 + 2
