-- Every comment, with or without text, the service that it is about, and what says so. A comment that names no service,
-- or more than one, is about the whole trust. A form is about the place that it gives, registered or not.
{{ comments_attributed() }}
