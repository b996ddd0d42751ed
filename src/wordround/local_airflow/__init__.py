"""Airflow on one machine: its environment, its processes, its address. `stack` starts and stops it."""
