"""What happened in an article: cues from data/reference/event_cues.yaml, weighed by where and how they stand."""
