"""Prints instead of sending: for a developer's server."""

from __future__ import annotations

import sys

from messaging.gateways.base import Message


class ConsoleGateway:
    can_be_asked = False

    def send(self, message: Message) -> str:
        lines = [
            f"--- {message.channel} from {message.clinic} to {message.to}",
            message.subject,
            message.text,
            f"[{message.attachment.name}]" if message.attachment else "",
            "---",
        ]
        sys.stdout.write("\n".join(line for line in lines if line) + "\n")
        return f"console-{message.outbox_id}"

    def find(self, message: Message) -> list[str]:
        return []
