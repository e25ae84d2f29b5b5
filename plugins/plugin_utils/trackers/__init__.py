"""Where promotions, blockers and incidents are tracked besides the ledger: nowhere else, or in a GitHub repository."""
