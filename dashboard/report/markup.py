"""HTML and SVG as trees: text is escaped by the serializer, and nothing is pasted together by hand."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

Child = Element | str | None


def node(tag: str, *children: Child, **attributes: str | float | None) -> Element:
    """An element; ``class_`` is class, an underscore a hyphen, and an attribute that is None is left out.

    >>> tostring(node("p", "1 < 2", node("b", "so"), class_="said"), encoding="unicode")
    '<p class="said">1 &lt; 2<b>so</b></p>'
    """
    made = Element(tag, {_name(key): _value(value) for key, value in attributes.items() if value is not None})
    add(made, *children)
    return made


def add(parent: Element, *children: Child) -> None:
    """Append elements and text in order."""
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element):
            parent.append(child)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child


def page_text(root: Element) -> str:
    """A whole HTML document."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
