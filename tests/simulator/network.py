"""The network between stations and head office: it loses, doubles, delays, cuts and reorders, as the seed says."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from sync.client import HeadOffice
from tests.simulator.chance import SECOND, Time, Trace
from tests.simulator.office import DownError, Office, Parcel, Reply

FATES = ("request lost", "answer lost", "twice", "late", "cut", "slow", "silent")
"""What may become of a request that is not simply answered."""

READ_LIMIT_US = 30 * SECOND


@dataclass
class Weather:
    """How bad it is: the ``share`` of requests that meet a fate, and who is ``apart`` from head office."""

    share: float = 0.0
    apart: set[str] = field(default_factory=set)


@dataclass
class Network:
    """Between all stations and the ``office``. ``between`` is called while a request is on its way."""

    office: Office
    time: Time
    trace: Trace
    chance: Random
    weather: Weather = field(default_factory=Weather)
    between: Callable[[str], None] = lambda _who: None
    heard: Callable[[str, str, int], None] = lambda _who, _path, _status: None
    astray: list[Parcel] = field(default_factory=list)

    def carry(self, who: str, parcel: Parcel) -> Reply:
        """Return head office's answer to station ``who``, or raise what its line would meet."""
        self.time.pass_by(self.chance.randrange(5_000, 400_000))
        self.between(who)
        path = parcel.url.partition("?")[0].rpartition("/api/")[2]
        if who in self.weather.apart:
            self.trace.count("partitioned")
            raise requests.ConnectionError
        fate = self.chance.choice(FATES) if self.chance.random() < self.weather.share else ""
        self.trace.say(who, parcel.method, path, fate)
        if fate:
            self.trace.count(fate)
        if fate in ("request lost", "late"):
            if fate == "late":
                self.astray.append(parcel)
            raise requests.ConnectTimeout
        try:
            reply = self.office.answer(parcel)
            if fate == "twice":
                reply = self._twice(parcel, reply)
        except DownError:
            raise requests.ConnectionError from None
        self.between(who)
        if fate == "slow":
            self.time.pass_by(READ_LIMIT_US - SECOND)
        if fate in ("answer lost", "silent"):
            self.time.pass_by(READ_LIMIT_US)
            raise requests.ReadTimeout
        self.trace.say(who, reply.status)
        if fate == "cut" and reply.body:
            return Reply(reply.status, reply.headers, reply.body[:self.chance.randrange(len(reply.body))])
        self.heard(who, path, reply.status)
        return reply

    def _twice(self, parcel: Parcel, first: Reply) -> Reply:
        """Deliver ``parcel`` again; the station may hear either answer."""
        again = self.office.answer(parcel)
        return first if self.chance.random() < 0.5 else again

    def deliver_late(self) -> None:
        """Deliver a request that was given up long ago; nobody waits for its answer."""
        parcel = self.astray.pop(self.chance.randrange(len(self.astray)))
        self.trace.count("delivered late")
        try:
            self.trace.say("late", parcel.method, self.office.answer(parcel).status)
        except DownError:
            self.trace.say("late", parcel.method, "unheard")


class Adapter(HTTPAdapter):
    """What a station's line is given in place of sockets."""

    def __init__(self, who: str, network: Network) -> None:
        super().__init__()
        self._who = who
        self._network = network

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        assert isinstance(body, bytes)
        assert request.method
        assert request.url
        reply = self._network.carry(self._who, Parcel(request.method, request.url, dict(request.headers), body))
        raw = urllib3.HTTPResponse(
            io.BytesIO(reply.body), headers=urllib3.HTTPHeaderDict(reply.headers), status=reply.status,
            preload_content=False, enforce_content_length=True, request_method=request.method)
        return self.build_response(request, raw)


def wire_up(office: HeadOffice, who: str, network: Network) -> HeadOffice:
    """Let ``office`` speak through ``network``."""
    office._line.transport.session.mount("http://", Adapter(who, network))
    return office
