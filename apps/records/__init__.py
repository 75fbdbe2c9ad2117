"""Record types, and what pages do with single records, tables of them and exports."""
