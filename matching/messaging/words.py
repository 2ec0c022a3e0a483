"""Putting words to a message: a mail, a chat line, a short message, a letter or a phone script."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from matching.messaging.registers import say
from matching.messaging.rules import LONGEST_SMS
from matching.messaging.templates import (
    BY_PHONE,
    FACT,
    FROM_CENTRE,
    GREETING,
    HOURS,
    MY_PAGE,
    NEAR,
    NO_ANSWER,
    PHONE,
    SHORT_FROM,
    TEMPLATES,
    UNTIL,
    WHAT,
    WHEN,
    WHERE,
)


@dataclass(frozen=True)
class Facts:
    """All that a message may say of a need: stage L1 at most, never who or where exactly (BR-19).

    Already written in the reader's register; `name` is the reader's own.
    """

    name: str = field(repr=False)
    what: str = ""
    where: str = ""
    visits: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True)
class Words:
    """A message in one register: a subject, what it says, and what its link is for."""

    subject: str
    greeting: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    link: str
    phone: str
    short: str
    register: str

    @property
    def spoken(self) -> tuple[str, ...]:
        """The sentences and facts, one a line."""
        told = (say(self.register, FACT, label=label, value=value) for label, value in self.facts)
        return (*self.lines, *told)


def words_of(kind: str, facts: Facts, register: str) -> Words:
    """Return what a kind of message says to one person."""
    template = TEMPLATES[kind]
    return Words(
        subject=say(register, template.subject),
        greeting=say(register, GREETING, name=facts.name),
        lines=tuple(say(register, line) for line in template.lines),
        facts=_facts(facts, register) if template.facts else (),
        link=say(register, template.link),
        phone=say(register, BY_PHONE, phone=PHONE, hours=say(register, HOURS)),
        short=say(register, template.short),
        register=register,
    )


def _facts(facts: Facts, register: str) -> tuple[tuple[str, str], ...]:
    near = say(register, NEAR, where=facts.where) if facts.where else ""
    told = [(WHAT, facts.what), (WHERE, near)]
    told += [(WHEN, visit) for visit in facts.visits]
    told.append((UNTIL, facts.until))
    return tuple((say(register, label), value) for label, value in told if value)


def mail_text(words: Words, link: str) -> str:
    """Write a mail: plain text with its link on a line of its own."""
    register = words.register
    blocks = [
        words.greeting,
        "\n".join((say(register, FROM_CENTRE), *words.lines)),
        "\n".join(words.spoken[len(words.lines) :]),
        f"{words.link}\n{link}" if link else "",
        f"{words.phone}\n{say(register, NO_ANSWER)}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def mail_page(words: Words, link: str) -> str:
    """Write the same as a simple page: no picture, no style of its own, nothing fetched."""
    register, escape = words.register, html.escape
    sentences = (words.greeting, say(register, FROM_CENTRE), *words.lines)
    told = "".join(f"<p>{escape(line)}</p>" for line in sentences)
    facts = "".join(f"<li>{escape(line)}</li>" for line in words.spoken[len(words.lines) :])
    way = f'<p>{escape(words.link)}<br><a href="{escape(link)}">{escape(link)}</a></p>'
    foot = f"<p>{escape(words.phone)}<br>{escape(say(register, NO_ANSWER))}</p>"
    lang = "en" if register == "en" else "ja"
    listed = f"<ul>{facts}</ul>" if facts else ""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(words.subject)}</title></head><body>"
        f"{told}{listed}{way if link else ''}{foot}</body></html>"
    )


def chat_text(words: Words, link: str) -> str:
    """Write a chat message: no name, for it shows on a locked screen."""
    return "\n".join(part for part in (words.subject, *words.spoken, link) if part)


def sms_text(words: Words, link: str) -> str:
    """Write a short message: at most seventy letters, nothing personal, the link whole or not."""
    head = say(words.register, SHORT_FROM) + words.short
    for text in (f"{head}{link}", f"{words.short}{link}", head + say(words.register, MY_PAGE)):
        if len(text) <= LONGEST_SMS:
            return text
    return head[:LONGEST_SMS]
