"""Migrations of the database's schema, run by Alembic; `schema.bring_up` starts them.

A script names no table class, as it stays what it is while those go on. Its number is
the last four digits of its revision. In MySQL and MariaDB a step that is done stays
done if the process is killed, so scripts use `steps`, which leave alone what is there.
"""
