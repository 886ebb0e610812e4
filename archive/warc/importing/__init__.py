"""Taking over what others archived: WARC and WACZ files of any maker, and single documents.

A file that is compressed record by record is kept byte for byte. Anything else is compressed so,
its records unchanged, and a ``metadata`` record at the end says what it was made from. Either way
the file is the same for the same original, so that importing twice changes nothing.
"""

from archive.warc.importing.documents import LocalDocument, import_documents
from archive.warc.importing.files import Imported, import_file

__all__ = ["Imported", "LocalDocument", "import_documents", "import_file"]
