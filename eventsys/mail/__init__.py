"""The outbox: a mail is a row before it is a message."""
