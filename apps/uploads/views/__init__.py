"""The pages of uploads and deletions."""
