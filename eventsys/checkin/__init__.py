"""The door: devices, scans and presence.

One scan is one row, admitted or not, and is never changed: an undo is a further row. Presence is the
one row per person and point that decides a race between two phones. This area never decides who is
registered and never sends mail.
"""
