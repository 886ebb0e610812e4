"""博达 Visual SiteBuilder (VSB), the system of 普洱, 楚雄, 红河 and many universities.

Column ``/zfxxgk/zfxxgknb.htm``, article ``/info/1234/5678.htm``. Pages count down: the second page
of a column of five is ``zfxxgknb/4.htm``, and every new article renumbers them. So the address of
a next page is never made up: 下页 is followed.
"""

from gkcrawl.families.base import Family


class Vsb(Family):
    """VSB 9; its lists are plain rows, its pager a link that says 下页."""

    name = "vsb"
    guesses = (
        "/zfxxgk/zfxxgknb.htm",
        "/zwgk/zfxxgk/zfxxgknb.htm",
        "/zwgk/zfxxgk2/zfxxgknb.htm",
        "/xxgk/zfxxgknb.htm",
        "/zwgk/xxgknb.htm",
    )
