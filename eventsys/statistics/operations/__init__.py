"""What is done with figures: freeze and publish. Counting changes nothing and is a query."""
