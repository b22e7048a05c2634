"""What goes wrong: with a station's computer, with head office's, with the network, with clocks."""

import shutil
from typing import TYPE_CHECKING, Any

from tests.simulator.chance import DAY, MINUTE
from tests.simulator.till import FAR, NEAR, Till

if TYPE_CHECKING:
    from tests.simulator.world import World

OFFICE_STATEMENTS, STATION_STATEMENTS = 60, 90
"""Halves of SQL statements within which an armed kill strikes."""

MOST_TILLS = 4


def late(world: "World", _till: Till) -> None:
    """A request that went astray arrives after all."""
    if world.network.astray:
        world.network.deliver_late()


def kill_office(world: "World", _till: Till) -> None:
    """Head office's process will die at one of its next statements."""
    world.office.gate.arm(world.chance.randrange(OFFICE_STATEMENTS))


def kill_station(world: "World", till: Till) -> None:
    """The station's program dies at one of the statements of a sale or of a round of the worker."""
    from tests.simulator.world import sell

    if till.selling:
        return
    till.gate.arm(world.chance.randrange(STATION_STATEMENTS))
    if till.busy or world.chance.random() < 0.5:
        world.at(till, "sale", lambda: sell(till, world.chance))
    else:
        world.at(till, "sync", till.sync)


def _restart(world: "World", till: Till) -> None:
    till.close()
    till.cut()
    world.trace.count("station restarted")
    world.up(till)


def _fill(world: "World", till: Till) -> None:
    world.trace.say(till.name, "disk full", not till.full)
    world.trace.count("station disk full", int(not till.full))
    till.fill(full=not till.full)


def _fill_office(world: "World", _till: Till) -> None:
    world.trace.say("office disk full", not world.office.full)
    world.trace.count("office disk full", int(not world.office.full))
    world.office.fill(full=not world.office.full)


def _copy(world: "World", till: Till) -> None:
    into = world.folder / f"copy of {till.name}"
    till.copy(into)
    world.copies[till.name] = into, till.seen_restores
    world.trace.say(till.name, "copied")


def _restore(world: "World", till: Till) -> None:
    """The folder is put back from an older copy; its far witness stays, is as old, or is gone."""
    if till.name not in world.copies:
        return
    into, restores = world.copies[till.name]
    how = world.chance.choice(("far witness kept", "no witness", "disk image"))
    world.demand(world.audit.scattered())
    till.cut()
    shutil.rmtree(till.folder)
    shutil.copytree(into / "folder", till.folder)
    if how == "no witness":
        (till.folder / NEAR).unlink(missing_ok=True)
        (till.state / FAR).unlink(missing_ok=True)
    elif how == "disk image":
        (till.state / FAR).unlink(missing_ok=True)
        if (into / "state" / FAR).exists():
            shutil.copy(into / "state" / FAR, till.state / FAR)
    till.seen_restores = restores
    _began_again(world, till, f"station restored, {how}")


def _clone(world: "World", till: Till) -> None:
    """The folder is copied to a second computer, or the whole disk to one that calls itself the same."""
    if len(world.tills) == MOST_TILLS:
        return
    how = world.chance.choice(("other computer", "disk image"))
    name = f"{till.name}+{len(world.tills)}"
    into = world.folder / name
    till.copy(into)
    if how == "other computer":
        (into / "state" / FAR).unlink(missing_ok=True)
    machine = till.machine if how == "disk image" else f"{1 << 200 | len(world.tills):064x}"
    world.trace.say(till.name, "cloned as", name, how)
    world.trace.count(f"station cloned, {how}")
    clone = world.add_till(name, till.who, machine)
    clone.seen_restores = till.seen_restores


def _began_again(world: "World", till: Till, what: str) -> None:
    world.audit.forget(till)
    till.full = False
    world.trace.say(till.name, what)
    world.trace.count(what)
    world.up(till)
    world.audit.mourn()


def _backup_office(world: "World", _till: Till) -> None:
    world.office_copy = world.folder / "office backup"
    world.office.backup(world.office_copy)
    world.trace.say("office backed up")


def _restore_office(world: "World", _till: Till) -> None:
    if world.office_copy:
        world.demand(world.audit.scattered())
        world.office.restore(world.office_copy)
        world.trace.say("office restored")
        world.trace.count("office restored")
        world.audit.mourn()


def _down(world: "World", _till: Till) -> None:
    world.office.down = not world.office.down
    world.trace.say("office down", world.office.down)
    world.trace.count("office down", int(world.office.down))


def _partition(world: "World", till: Till) -> None:
    world.network.weather.apart ^= {till.name}
    world.trace.say(till.name, "apart", till.name in world.network.weather.apart)


def _jump(world: "World", till: Till) -> None:
    jump = world.chance.choice((-DAY, -30 * MINUTE, 5 * MINUTE, DAY))
    till.clock.error += jump
    world.trace.say(till.name, "clock", jump)
    world.trace.count("station clock jumped")


def _jump_office(world: "World", _till: Till) -> None:
    jump = world.chance.choice((-5 * MINUTE, 5 * MINUTE, 30 * MINUTE))
    world.office.clock.error += jump
    world.trace.say("office clock", jump)
    world.trace.count("office clock jumped")


def _storm(world: "World", _till: Till) -> None:
    world.network.weather.share = world.chance.choice((0.0, 0.1, 0.3, 0.7))


ACTIONS: dict[Any, int] = {
    late: 4, kill_office: 4, kill_station: 5, _restart: 2, _fill: 2, _fill_office: 1, _copy: 3, _restore: 2, _clone: 1,
    _backup_office: 2, _restore_office: 1, _down: 1, _partition: 2, _jump: 2, _jump_office: 1, _storm: 2}
"""Every fault, and how often."""


def lift(world: "World") -> None:
    """End every fault. What was done to files and clocks stays done."""
    world.trace.say("all faults end")
    world.network.weather.share, world.network.weather.apart = 0.0, set()
    world.office.down = False
    world.office.gate.disarm()
    world.office.fill(full=False)
    for till in world.tills:
        till.fill(full=False)
        till.gate.disarm()
    while world.network.astray:
        world.network.deliver_late()
