"""PDFs that carry their own data: what Factur-X wants said in the metadata. The engine attaches the file itself."""

from __future__ import annotations

import io
from typing import Final

import pikepdf

SPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES: Final = (
    ("DocumentFileName", "name of the embedded XML document"),
    ("DocumentType", "type of the hybrid document in capital letters"),
    ("Version", "version of the standard that the embedded XML document keeps"),
    ("ConformanceLevel", "conformance level of the embedded XML document"),
)
# PDF/A wants every property explained that is not its own.
_SCHEMA: Final = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>"
    + "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{about}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, about in _PROPERTIES
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li>"
)
# Where the engine ends its own list of explanations; a PDF that meets no standard has none.
_LIST_ENDS: Final = "</rdf:Bag></pdfaExtension:schemas>"


def name_profile(document: bytes, file_name: str) -> bytes:
    """Say in the metadata of a PDF that its attachment is an invoice of Factur-X 1.0, profile EN 16931.

    The same document gives the same bytes; pages, attachment and the standard of the PDF stay as they are.
    """
    with pikepdf.open(io.BytesIO(document)) as pdf:
        stream = pdf.Root.Metadata
        text = stream.read_bytes().decode()
        text = text.replace(_LIST_ENDS, _SCHEMA + _LIST_ENDS)
        text = text.replace("</rdf:RDF>", f"{_said(file_name)}</rdf:RDF>")
        stream.write(text.encode())
        if "/AF" not in pdf.Root:
            # A PDF of no standard carries the file and does not say what it is to the pages.
            attached = pdf.attachments[file_name]
            attached.relationship = pikepdf.Name.Alternative
            pdf.Root.AF = pikepdf.Array([attached.obj])
        target = io.BytesIO()
        pdf.save(
            target,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return target.getvalue()


def _said(file_name: str) -> str:
    values = (file_name, "INVOICE", "1.0", "EN 16931")
    properties = "".join(
        f"<fx:{name}>{value}</fx:{name}>"
        for (name, _), value in zip(_PROPERTIES, values, strict=True)
    )
    return f'<rdf:Description rdf:about="" xmlns:fx="{SPACE}">{properties}</rdf:Description>'
