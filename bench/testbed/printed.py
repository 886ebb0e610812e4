"""Reports as LibreOffice prints or saves the Word files: PDF with its text layers, DOC, RTF.

One start of LibreOffice converts many files; a rendering whose tool is missing is skipped by name.
"""

import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pypdfium2

from bench.testbed.office import word
from bench.testbed.samples import Sample, norm

SECONDS = 600
PDFS = {"pdf": {"ruled": True}, "pdf-broken": {"ruled": True, "broken": True}}
PLAIN = {"pdf-borderless": {"ruled": False}}
"""Without lines there is no grid to see: what is read is flattened text."""


def _pdftotext(*options: str) -> Callable[[Path], str]:
    def layer(path: Path) -> str:
        done = subprocess.run(
            ["pdftotext", *options, str(path), "-"], capture_output=True, check=True, timeout=60
        )
        return done.stdout.decode()

    return layer


def _pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def _plumber(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


LAYERS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "layer-raw": ("pdftotext", _pdftotext("-raw")),
    "layer-plain": ("pdftotext", _pdftotext()),
    "layer-layout": ("pdftotext", _pdftotext("-layout")),
    "layer-pdfium": ("", _pdfium),
    "layer-pdfplumber": ("", _plumber),
}
OTHERS = {
    "doc": ("doc:MS Word 97", "application/msword"),
    "rtf": ("rtf", "application/rtf"),
}
"""Other files of LibreOffice: name -> its filter, and the media type that a server says."""
NAMES = (*PDFS, *PLAIN, *LAYERS, *OTHERS)


def missing(name: str) -> str | None:
    """Return why a rendering cannot be made here; None: it can."""
    tools = ["soffice", LAYERS[name][0]] if name in LAYERS else ["soffice"]
    absent = [tool for tool in tools if tool and shutil.which(tool) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def printed(names: list[str], seeds: list[int]) -> list[Sample]:
    """Return the renderings of all seeds, each kind of file by one start of LibreOffice."""
    with tempfile.TemporaryDirectory(prefix="gkcrawl-bench-") as folder:
        made: list[tuple[str, Sample]] = []
        for name in names:
            for seed in seeds:
                options = PDFS.get(name) or PLAIN.get(name) or _like(name, seed)
                made.append((f"{name}-{seed}", word(seed, name, **options)))
        out = []
        for target in dict.fromkeys(OTHERS.get(name, ("pdf",))[0] for name in names):
            group = [x for x in made if OTHERS.get(x[1].rendering, ("pdf",))[0] == target]
            files = {stem: sample.content for stem, sample in group}
            paths = converted(files, target, Path(folder))
            out += [_sample(sample, paths[stem]) for stem, sample in group]
        return out


def _like(name: str, seed: int) -> dict[str, bool]:
    return {"ruled": random.Random(f"{name} {seed} ruled").random() < 0.7}


def converted(files: dict[str, bytes], target: str, folder: Path) -> dict[str, Path]:
    """Convert Word files by name; raises RuntimeError where LibreOffice left one out.

    ``target``: what it shall make, an extension with or without a filter.
    """
    for stem, content in files.items():
        (folder / f"{stem}.docx").write_bytes(content)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", target, "--outdir", str(folder),
            *(str(folder / f"{stem}.docx") for stem in files),
        ],
        capture_output=True, check=True, timeout=SECONDS,
    )  # fmt: skip
    suffix = target.partition(":")[0]
    paths = {stem: folder / f"{stem}.{suffix}" for stem in files}
    if lost := [stem for stem, path in paths.items() if not path.exists()]:
        raise RuntimeError(f"LibreOffice made no {suffix} of {', '.join(lost)}")
    return paths


def _sample(made: Sample, path: Path) -> Sample:
    if made.rendering in LAYERS:
        text = LAYERS[made.rendering][1](path)
        return replace(
            made,
            content=text.encode(),
            media_type="text/plain",
            suffix=".txt",
            flattened=True,
            sentences=_kept(made, text),
        )
    _, media_type = OTHERS.get(made.rendering, ("", "application/pdf"))
    return replace(
        made,
        content=path.read_bytes(),
        media_type=media_type,
        suffix=path.suffix,
        flattened=made.rendering in PLAIN,
    )


def _kept(made: Sample, text: str) -> list[str]:
    """Return the sentences that the layer itself still has in one piece."""
    squeezed = norm(text)
    pieces = [s for p in made.sentences or () for s in re.split("[。；]", p)]
    return [s for s in pieces if norm(s) in squeezed]
