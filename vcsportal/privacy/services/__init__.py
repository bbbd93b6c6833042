"""What removes or erases people's data: the daily job, and the erasure of one person."""
