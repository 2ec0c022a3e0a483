"""Reference data with validity dates: what can be asked for, who may do it and the words for it."""
