"""The log and everything else that is kept: tables, migrations, intake, readers. The only SQL of the console."""
