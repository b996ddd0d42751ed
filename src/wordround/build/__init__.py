"""dbt within this process, and the pages that are made from the dbt project and the connectors."""
