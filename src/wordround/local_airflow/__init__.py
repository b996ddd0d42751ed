"""Airflow on one machine: its environment, its processes, its address. `wordround.local_airflow.up` is the way in."""
