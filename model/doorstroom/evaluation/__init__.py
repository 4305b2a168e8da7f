"""Designs for evaluation: what could be learned from the money that will be paid anyway, when, and is it worth it?"""
