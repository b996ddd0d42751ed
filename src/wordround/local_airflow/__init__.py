"""Airflow on one machine: its environment, its processes, its address. `wordround.airflow_local` is the way in."""
