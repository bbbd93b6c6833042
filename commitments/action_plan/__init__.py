"""An action plan that a council keeps as a spreadsheet, read into the shape of a strategy's file. No database."""
