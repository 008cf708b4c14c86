"""Sends many small requests with aiohttp and checks every answer. Usage: aiohttp_client.py URL COUNT IN_FLIGHT"""

import asyncio
import sys

import aiohttp


async def main(url: str, count: int, in_flight: int) -> None:
    left = iter(range(1, count + 1))
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work() -> None:
            for number in left:
                async with session.get(f"{url}{number}") as answer:
                    if answer.status != 200 or len(await answer.read()) != 162:
                        sys.exit("a wrong answer")

        await asyncio.gather(*(work() for _ in range(in_flight)))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
