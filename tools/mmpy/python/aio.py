"""asyncio on mmpy's loop: while asyncio waits, mmpy goes on with the stream."""

import asyncio
import selectors

import mm


class Selector(selectors.EpollSelector):
    def select(self, timeout=None):
        mm._wait(self.fileno(), timeout)
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    def time(self):
        return mm._loop_time()


loop = Loop(Selector())
asyncio.set_event_loop(loop)
tasks = set()
services = set()  # those that the end of the stream does not wait for


async def drive(work, place, event):
    """Waits for the work, whose results go on to the handlers from this place on."""
    try:
        if hasattr(work, "__aiter__"):
            async for result in work:
                mm._forward(result, place)
        else:
            mm._forward(await work, place)
    except asyncio.CancelledError:
        pass
    except BaseException as error:
        mm._fault(error, event)


def spawn(work, place, event, is_awaited):
    """`event` is what it was made for, or None; `is_awaited`: the end of the stream waits for it."""
    task = loop.create_task(drive(work, place, event))
    among = tasks if is_awaited else services
    among.add(task)

    def finish(done):
        among.discard(done)
        if is_awaited:
            mm._task_done()

    task.add_done_callback(finish)


def explain(loop, context):
    error = context.get("exception")
    if error is not None:
        mm._fault(error, None)
    else:
        mm.log(context["message"])


loop.set_exception_handler(explain)


def end_services():
    for task in services:
        task.cancel()


def run():
    loop.run_forever()


def finish(last):
    """Lets the last coroutines run to their end, and ends all others."""
    async def finish_all():
        for work in last:
            await drive(work, None, None)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await loop.shutdown_asyncgens()

    loop.run_until_complete(finish_all())
