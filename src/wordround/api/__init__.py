"""Understanding as a service for other pipelines: `POST /understand` on this machine, for as long as it is started."""
