"""Training of the learned model: labelled comments, a teacher, the student that is shipped; needs its own packages."""
