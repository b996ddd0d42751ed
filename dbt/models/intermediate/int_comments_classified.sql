-- Every comment with its classes: see the macro, which fct_comments asks for a few of them.
{{ comments_classified() }}
