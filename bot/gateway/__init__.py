"""The only public process: connectors, inbox, turn workers, the gate, outbox and the desk."""
