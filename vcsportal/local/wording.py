"""``make check``, wording: phrases that confused people, each with a better one. Each failing line gives both.

It checks what people read: the text of templates and emails, the strings and docstrings of the code, and the
documentation. Quoted
sources (the strategies' own words, decisions as they were taken, older entries of the change log) are left alone.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vcsportal.local.places import ROOT

FLOORS: Final = ("vcsportal", "reporting", "commitments", "partners")
DOCUMENTS: Final = ("README.md", "CONTRIBUTING.md", "docs/*.md")
EXCEPTED: Final = ("vcsportal/local/wording.py", "vcsportal/demo/data/")
"""This list itself, and texts that are quoted from their sources."""
SEALED: Final = frozenset({"The story has been taken back at the request of those it is about."})
"""Sentences that sealed editions contain, so that they stay as they are."""


@dataclass(frozen=True)
class Phrase:
    """What may not come back, as a regular expression that ignores case, and what to write."""

    pattern: str
    better: str


@dataclass(frozen=True)
class PhraseFound:
    """One place where a phrase came back."""

    path: str
    line: int
    found: str
    better: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: “{self.found}”: write {self.better}"


PHRASES: Final = (
    Phrase(r"\be-mails?\b", "“email”"),
    Phrase(r"\b(this|that|the|a|by|your|our|every|no|each|one) mails?\b(?!box| server| program)", "“email”"),
    Phrase(r"\bmails (that|which|to|from|go|wait|and|of|were|are|is)\b", "“emails”"),
    Phrase(r"(?-i:\bGo on\b)|\bgo on (with|to|from|without)\b", "“Continue”"),
    Phrase(r"\bfinish it later\b", "“Save and finish later”"),
    Phrase(r"\bmend (it|them) and send\b", "“Edit and resend”"),
    Phrase(r"\bback to be mended\b", "“needs changes”"),
    Phrase(r"\btake it back and change\b", "“Withdraw and edit”"),
    Phrase(r"\b(has|have) been taken back\b", "“has been withdrawn”"),
    Phrase(r"\byou owe\b", "“you have … to do”"),
    Phrase(r"\bwaiting for you to read\b", "“For you to review”"),
    Phrase(r"\bsaid lately\b", "“Up to date”"),
    Phrase(r"\bpromise without an end\b", "“ongoing commitment”"),
    Phrase(r"\btold in the report\b", "“Included in the … report”"),
    Phrase(r"\b(said|says) so on\b", "“Reported by … on”"),
    Phrase(r"\bwords are those of\b", "“No change since …”"),
    Phrase(r"\bnothing (was|had been) said\b", "“had no update”"),
    Phrase(r"\bnoughts?\b", "“0” or “zero”"),
    Phrase(r"\bis not a day that can be read\b", "“Enter a date like 25 November 2026”"),
    Phrase(r"\bholds for\b", "“works for” or “applies for”"),
    Phrase(r"\bjunk mail\b", "“junk folder”"),
    Phrase(r"\bpasswords? (don.t|do not) belong together\b", "“is incorrect”"),
    Phrase(r"\bit stands for (your|the) password\b", "“you can use it instead of a password”"),
    Phrase(r"\bgrown too old\b", "“has timed out”"),
    Phrase(r"\b(all|a) filters? away\b", "“Clear all filters” or “Remove a filter”"),
    Phrase(r"\bwindow from\b", "“Open from … to …”"),
    Phrase(r"\bsomebody is needed\b", "“Needs a lead officer”"),
    Phrase(r"\bmails do not reach\b", "“Emails bouncing”"),
    Phrase(r"\bthe middle of \d|\bthe middle of {", "“median”"),
    Phrase(r"\bwaiting for a worker\b", "“Waiting to start”"),
    Phrase(r"\bstop making it\b", "“Cancel”"),
    Phrase(r"\bactions? slipped\b", "“was late”"),
    Phrase(r"\bpartners? came\b", "“joined”"),
    Phrase(r"^(?-i:What) was counted|what was aimed at\b", "“Results against targets”"),
    Phrase(r"\bpieces? of evidence\b", "“item of evidence” or “evidence”"),
    Phrase(r"\bcan.t be said\b", "“Not yet known”"),
    Phrase(r"\bgoes as promised\b", "“is going to plan”"),
    Phrase(r"\bwhom to (talk|turn) to\b", "“Contacts”"),
    Phrase(r"\ba report of ours\b", "“a genuine report”"),
    Phrase(r"\bkeep the note\b", "“Save note”"),
    Phrase(r"\bleave it for now\b", "“Cancel”"),
    Phrase(r"\bbegin with the first\b", "“Start reviewing”"),
    Phrase(r"\bfor good\b(?! reason)", "“You cannot undo this.”"),
    Phrase(r"\bfor ever\b", "what happens, plainly"),
    Phrase(r"\bnobody can ever\b", "what cannot be done, plainly"),
    Phrase(r"\btwo voices\b", "“Different views”"),
    Phrase(r"\bwhere it is silent\b", "“No recent update”"),
    Phrase(r"\b(is|was|are|were|been|falls?|fell|stays?) silent\b", "“has had no update”"),
    Phrase(r"^(?-i:What) was said( of [^.]*)?$", "“Progress updates”"),
    Phrase(r"^(?-i:What) was done( in [^.]*)?$", "“Evidence”"),
    Phrase(r"\bshown to nobody\b", "“Nobody else can see it.”"),
    Phrase(r"\bonly what is public is told\b", "“This covers published information only.”"),
    Phrase(r"\bso would be\b", "what follows, plainly"),
    Phrase(r"\b(to|of|for|by|from|with|whether) whom\b|\bwhom (emails?|mails?|it|they|you)\b", "“who … to”, “whose”"),
    Phrase(r"\bthat which\b", "“what”"),
    Phrase(r"\bhow (a|the) round goes\b", "“Round progress”"),
    Phrase(r"\bsign in to voluntary\b", "“the” before the strategy’s name"),
    Phrase(r"\bno word for more than\b", "“Not updated for more than …”"),
    Phrase(r"\bnobody has said (anything|yet)\b|\bhas said yet\b", "“No update yet”"),
    Phrase(r"\bwhat happened to it\b", "“History”"),
    Phrase(r"\bthe last day that counts\b", "“End date”"),
    Phrase(r"\bshow this time\b", "“Show changes”"),
    Phrase(r"\bkept already\b", "“… you have added”"),
    Phrase(r"\bcan somebody be recognised in\b", "“Can anyone be recognised in …?”"),
    Phrase(r"\bmay it be published\?", "“Can we publish this?”"),
    Phrase(r"\bthese words stand\b|\bwords stand under\b", "“This caption appears …”"),
    Phrase(r"\blooses? the record\b|\bloses? the record of where\b", "“We remove location data …”"),
    Phrase(r"\bleave this (e-?mail|mail) alone\b", "“ignore this email”"),
    Phrase(r"\bquestions? to (your|their|the) organisations?\b", "“… for your organisation”"),
    Phrase(r"\bsay how it stands\b", "“Update …”"),
    Phrase(
        r"\b(stands?|standing|stood) in for (you|them|themselves|themself|him|her|somebody|someone|others|a colleague|colleagues|people|a person)\b",
        "“cover for”",
    ),
    Phrase(r"\b(who|nobody|colleague|longer|whoever|deputy|you|also) (could |can |may )?stands? in\b", "“cover”"),
    Phrase(r"\bpieces? of theirs\b", "“their evidence”"),
    Phrase(r"^(?-i:How) (it|does it) stands?\??$", "“Status”"),
    Phrase(r"\bhow the commitment stands\.$", "“status”"),
    Phrase(r"\bis owed in\b|^(?-i:Owes)\b|\bstill owes something\b", "“still has … to send”"),
    Phrase(r"\b(set|written) anew\b", "“reset”, “rewritten”"),
    Phrase(r"\b(is|are) told (by its|elsewhere|in full|beside)\b|\btold side by side\b", "“described”, “shown”"),
    Phrase(r"\bbackup is of \d|\bbackup is of {", "“was made on”"),
    Phrase(r"\boffered no longer\b", "“no longer available”"),
    Phrase(r"^(?-i:Whom)\b", "“Who”"),
    Phrase(r"\bsomebody, most likely you\b", "“someone, probably you”"),
    Phrase(r"\bticked together\b|\bwhat is ticked\b", "“selected”"),
    Phrase(r"\bwords are unchanged\b", "“unchanged updates”"),
    Phrase(r"\ball that waits\b", "“All items”"),
    Phrase(r"\bits status holds\b", "“It is published immediately.”"),
    Phrase(r"\b(with|has|have) (all|what) (that )?you chose\b", "“… match your filters”"),
    Phrase(r"\bdays of grace\b", "“Late updates accepted until”"),
    Phrase(r"\b(pages|characters) or so\b", "the number, or “about …”"),
    Phrase(r"\b(stands?|}) differently from\b|\bstands? differently\b", "“changed status”"),
    Phrase(r"\bas \S+ of \S+ (pieces|items)\b", "“from … of …”"),
    Phrase(r"^(?-i:On what) ground\b", "“Lawful basis”"),
    Phrase(r"\bto tell how\b", "“To report on …”"),
    Phrase(r"\bspeaks? of this day\b", "“Shown in …”"),
    Phrase(r"\bat their next click\b", "“immediately”"),
    Phrase(r"\bshown beside\b", "“next to”"),
    Phrase(r"\bstands? behind it\b", "what supports it, plainly"),
    Phrase(r"\bwait(s|ing)? for you\b(?! to)", "“for you to …”"),
    Phrase(r"\bcomes? to you\b", "“is sent to you”"),
    Phrase(r"\boffered no longer\b", "“no longer available”"),
    Phrase(r"\bput right\b", "“corrected”"),
    Phrase(r"\brough (day|date)\b", "“An approximate date is fine.”"),
    Phrase(r"\bthe round {}", "“the {} round”"),
    Phrase(r"\bit rests on\b", "“supports it” or “is based on”"),
    Phrase(r"\bspoken of\b", "“mentioned”, “updated” or “commented on”"),
    Phrase(r"\bstand(s|ing)? in for\b", "“covers for” or “replaces”"),
    Phrase(r"\btakes? no (updates|views|figures)\b", "“is not accepting …”"),
    Phrase(r"\bas you got it\b", "“exactly as you downloaded it”"),
    Phrase(r"\b(set|made|written|drawn) anew\b", "“again” or “rewritten”"),
    Phrase(r"\bnext door\b", "where it is, by name"),
    Phrase(r"\bis the most that\b", "“The limit is …”"),
    Phrase(r"\bsee it so\b", "what they see, plainly"),
    Phrase(r"\bsays which\.", "where to find it, plainly"),
    Phrase(r"(?<!there )\bis no (organisation|strategy|register|district|kind of organisation)\b", "“is not a …”"),
    Phrase(r"\bbelongs? with\b", "“is part of” or “is about”"),
    Phrase(r"\bend a tie\b", "what ends, by name"),
    Phrase(r"\basks? for (a|another) (report|edition)\b", "“requests a report”"),
    Phrase(r"\btoo many tries\b", "“too many attempts”"),
    Phrase(r"\bon a telephone\b", "“on a phone”"),
    Phrase(r"\bwaits? for an answer\b", "“has not been answered yet”"),
    Phrase(r"\bat length\b", "“in full” or “in more detail”"),
    Phrase(r"\bnobody.s promise\b", "“a figure with a source”"),
    Phrase(
        r"(?<!why it is )\bkept no longer\b|\bstop keeping\b|\bnot kept any more\b",
        "“no longer updated” or “has ended”",
    ),
    Phrase(
        r"\btak(e|es|en|ing) (it|this award|a grant or a contract) off the list\b|\boff the list\b",
        "“removed from the list”",
    ),
    Phrase(r"\bsilence is not\b|\bnot taken for a\b", "“No reply does not count as a “no”.”"),
    Phrase(r"\bassessed anew\b|\bread again in\b|\brisks to read again\b", "“reassessed” or “reviewed”"),
    Phrase(r"\bentered? (them )?anew\b", "“enter … again”"),
    Phrase(r"\bwith a row a thing\b|\bone card a figure\b", "“one … for each …”"),
    Phrase(r"\bcould tell who is meant\b|\bcan tell who is meant\b", "“could identify people”"),
    Phrase(r"\bpeople who answer for (a|the|this|its) strategy\b", "“people responsible for …”"),
    Phrase(r"\btook its place\b|\btook the place of\b", "“replaced”"),
    Phrase(r"\bit is told\b(?! (how|by))", "“is described”"),
)
"""From people who used the portal, and from the guide to its style: see CONTRIBUTING.md, “How we write”."""

_TAG: Final = re.compile(r"{%.*?%}|{#.*?#}|<(style|script)\b.*?</\1>", re.S)
_VALUE: Final = re.compile(r"{{.*?}}", re.S)
_MARKUP: Final = re.compile(r"<[^>]*>", re.S)
_NAMING: Final = re.compile(r"<(h[1-6]|th|dt|caption|legend|label|summary)\b[^>]*>(.*?)</\1>", re.S)
"""Headings and the like, which say alone what is below or beside them."""
_READ_ALOUD: Final = re.compile(r'\b(?:aria-label|alt|title|placeholder|value)="([^"]*)"')


def _blank(match: "re.Match[str]") -> str:
    return re.sub(r"[^\n]", " ", match.group())


def template_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the text of a template that people read, each stretch with its line; a sentence may run over lines."""
    for tag in re.finditer(r"{[%{].*?[%}]}", source, re.S):
        for match in re.finditer(r'"([^"]*)"', tag.group()):  # labels that are handed to a component
            if " " in match.group(1):
                yield source.count("\n", 0, tag.start() + match.start()) + 1, match.group(1)
    plain = _VALUE.sub("{}", _TAG.sub(_blank, source))
    for match in _READ_ALOUD.finditer(plain):
        yield plain.count("\n", 0, match.start()) + 1, match.group(1)
    for match in _NAMING.finditer(plain):
        yield plain.count("\n", 0, match.start()) + 1, _MARKUP.sub("", match.group(2)).strip()
    for match in re.finditer(r"\S(?:(?!\n\s*\n).)*", _MARKUP.sub(_blank, plain), re.S):
        yield plain.count("\n", 0, match.start()) + 1, match.group()


def code_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the strings and docstrings of a module that hold more than one word, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            pieces = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(pieces)


def document_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a page of documentation, without code, each with its line."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", _blank, source, flags=re.S)
    for match in re.finditer(r"\S(?:(?!\n\s*\n).)*", plain, re.S):
        yield plain.count("\n", 0, match.start()) + 1, match.group()


def faults_in(path: str, texts: Iterator[tuple[int, str]]) -> Iterator[PhraseFound]:
    """Yield each phrase that came back in these texts of a file."""
    for line, text in texts:
        joined = re.sub(r"\s+", " ", text)
        if joined in SEALED:
            continue
        for phrase in PHRASES:
            match = re.search(phrase.pattern, joined, re.I)
            if match:
                yield PhraseFound(
                    path, line, joined[max(0, match.start() - 20) : match.end() + 20].strip(), phrase.better
                )


def files(root: Path = ROOT) -> Iterator[tuple[str, Iterator[tuple[int, str]]]]:
    """Yield every file that people read something of, as its path and its texts."""
    for folder in ("templates", *FLOORS):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if name.startswith(EXCEPTED) or "/migrations/" in name:
                continue
            if path.suffix == ".py":
                yield name, code_texts(path.read_text())
            elif path.suffix in {".html", ".txt", ".xml"} and "templates" in name:
                yield name, template_texts(path.read_text())
    for pattern in DOCUMENTS:
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root).as_posix(), document_texts(path.read_text())


def main() -> int:
    """Print each fault; return 1 if there is one."""
    faults = sorted({str(fault) for name, texts in files() for fault in faults_in(name, texts)})
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
