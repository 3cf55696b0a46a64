"""Assistants and models beside Dragoman: tools that give evidence; a coder and a writer whose claims are checked."""
