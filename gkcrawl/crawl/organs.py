"""Which organs of a portal have their column found already, by whatever way. Pure."""

from collections import Counter
from collections.abc import Iterator

from gkcrawl.crawl.steps import Step
from gkcrawl.families.addresses import folder
from gkcrawl.families.titles import plain


class Organs:
    """The organs to which leads were met, and those whose column is found."""

    def __init__(self) -> None:
        self._found: set[tuple[str, str]] = set()
        """Scope around and name."""
        self._covered: set[str] = set()
        """Folders above the columns of organs that are found."""
        self._folders: Counter[int] = Counter()
        """Hash of a folder, of which a portal without an end has many -> leads to organs in it."""

    def __len__(self) -> int:
        return len(self._found)

    def meet(self, step: Step) -> None:
        """Note that a lead to an organ waits."""
        self._folders[hash(folder(step.lead.url))] += 1

    def forget(self, step: Step) -> None:
        """Note that a lead does not wait any more; the folder of many is remembered."""
        if self._folders[place := hash(folder(step.lead.url))] == 1:
            del self._folders[place]

    def find(self, step: Step) -> Iterator[Step]:
        """Yield the steps to the organs around a column that is found, as far as they are new."""
        if step.column and step.scope:
            self._cover(step.column)
        organ = step.into
        while organ is not None and (named := _named(organ)) not in self._found:
            self._found.add(named)
            yield organ
            organ = organ.organ

    def are_found(self, step: Step) -> bool:
        """Tell whether the column of an organ is found already, by another way to the same one."""
        if _named(step) in self._found:
            return True
        # What a program makes (``ui?pageId=1``) is all in one folder.
        if "?" in step.lead.url:
            return False
        place = folder(step.lead.url)
        return place in self._covered and self._folders[hash(place)] == 1

    def _cover(self, url: str) -> None:
        place = folder(url)
        while "/" in place.rstrip("/"):
            self._covered.add(place)
            place = place.rstrip("/").rpartition("/")[0] + "/"


def _named(step: Step) -> tuple[str, str]:
    return step.around, plain(step.lead.anchor) or step.scope
