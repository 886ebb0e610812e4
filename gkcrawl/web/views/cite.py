"""``/r/<id>.bib`` and ``/r/<id>.ris``: how to cite a report, for programs that keep references."""

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl.web.answering import Route
from gkcrawl.web.asking import asked
from gkcrawl.web.citations import bibtex, bibtex_key, ris
from gkcrawl.web.language import say
from gkcrawl.web.views import report_rows

_FORMATS = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
}


async def cite(request: Request, datasette: Datasette) -> Response:
    """Answer with the report's reference as a file."""
    report_id, ending = request.url_vars["id"], request.url_vars["ending"]
    found = await asked(datasette, lambda c: report_rows.cited(c, report_id))
    if found is None:
        return Response.text(say("没有这个编号的报告。"), status=404)
    write, media_type = _FORMATS[ending]
    said = {"content-disposition": f'attachment; filename="{bibtex_key(report_id)}.{ending}"'}
    return Response(write(found), headers=said, content_type=media_type)


ROUTES: tuple[Route, ...] = ((r"^/r/(?P<id>[\w.-]+)\.(?P<ending>bib|ris)$", cite),)
