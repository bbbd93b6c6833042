"""The forms about reports: requesting and writing, periods, sealing and verifying."""
