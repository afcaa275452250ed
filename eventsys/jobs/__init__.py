"""The queue of background work: a table written in the transaction of the fact."""
